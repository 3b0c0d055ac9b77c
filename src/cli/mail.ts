// The server's own way to send email, as the settings say.
import { readFileSync } from 'node:fs';
import { type Config, isLoopback } from '../config.ts';
import { type DkimKey, type MailServer, type SmtpSender, smtpSender } from '../senders/smtp.ts';
import { CommandProblem, exit } from './problem.ts';

const usualPort: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };

/** The server of a URL that the settings have checked. */
function serverOf(text: string): MailServer {
  const url = new URL(text);
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const secure = url.protocol === 'smtps:';
  const hasLogin = url.username !== '';
  // A password never crosses a network in the open; between programs of one machine there is nobody to read along.
  return {
    host,
    port: Number(url.port === '' ? usualPort[url.protocol] : url.port),
    secure,
    requireTls: hasLogin && !secure && !isLoopback(host),
    plain: isLoopback(host),
    ...(hasLogin ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) } : {}),
  };
}

function dkimOf({ dkim }: Config): { dkim?: DkimKey } {
  if (dkim === undefined) return {};
  const { domain, selector, keyFile } = dkim;
  try {
    return { dkim: { domain, selector, privateKey: readFileSync(keyFile, 'utf8') } };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandProblem({
      code: 'dkim_key_unreadable',
      what: 'The file of DKIM_KEY_FILE cannot be read.',
      why: `${why}.`,
      fix: 'Check the path and who may read it.',
      exitCode: exit.failed,
    });
  }
}

/**
 * The sender of SMTP_URL; undefined without one.
 * @throws CommandProblem `smtp_refused`, `dkim_key_unreadable`
 */
export function smtpOf(config: Config, isVirtual: boolean): SmtpSender | undefined {
  if (config.smtpUrl === undefined) return undefined;
  const server = serverOf(config.smtpUrl);
  if (isVirtual && !isLoopback(server.host)) {
    throw new CommandProblem({
      code: 'smtp_refused',
      what: `A database with a virtual clock sends no mail to ${server.host}.`,
      why: 'Its moments are made up, and so are most of its people. Nothing was sent.',
      fix: 'Leave SMTP_URL out, or name a mail server on this machine.',
      exitCode: exit.refused,
    });
  }
  return smtpSender({ server, from: config.smtpFrom ?? null, ...dkimOf(config) });
}
