// Twenty days of real mail: an export of each of the three programs, the real commands, and a real mail server.
//
//   npm run mail-month             100 rows each, a tick every three hours
//   npm run mail-month -- --quick  30 rows each, a tick every twelve hours
//
// The expected emails are computed from the rows and the promised rules alone (mail-month/expect.ts) and compared with what the
// server got, per person and touch, with the tick at which it left. Each mail is taken apart, its DKIM signature verified, and some
// of the links clicked. Exit 1 on any difference.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbedded } from '../src/embedded/index.ts';
import { type Certificate, selfSigned } from '../test/support/certificate.ts';
import { temporaryFolder } from '../test/support/test-server.ts';
import { mailProblems, repeatedIds, type Settings, unsubscribeLink } from './mail-month/check.ts';
import { type Expected, expectedOf } from './mail-month/expect.ts';
import { type Product, products } from './mail-month/exports.ts';
import { type Inbox, openInbox } from './mail-month/inbox.ts';
import { visits } from './mail-month/people.ts';
import { openRunner, type Runner, touchline, whileServing } from './mail-month/program.ts';
import { compare, tableOf } from './mail-month/verdict.ts';

const quick = process.argv.includes('--quick');
const size = quick ? { rows: 30, everyHours: 12, clicksEach: 2 } : { rows: 100, everyHours: 3, clicksEach: 6 };
// The second Sunday of March lies in between: clocks go forward.
const importedAt = Date.parse('2026-03-02T18:00:00Z');
const hourMs = 3_600_000;
const days = 20;
const ticks = Array.from(
  { length: (days * 24) / size.everyHours },
  (_, index) => importedAt + index * size.everyHours * hourMs,
);
// Everybody has got the first email by then, and nobody the last.
const clicksAfter = importedAt + 50 * hourMs;
const domain = 'brightwater.example';
const publicUrl = 'https://follow-up.example.test';
const postalAddress = '1 Main Street, Springfield, NY 10001';
/** Addresses that ended it, and when. */
type Ended = ReadonlyMap<string, number>;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface ImportAnswer {
  rows: { total: number; imported: number; rejected: number };
  enrollment: { enrolled: number };
}

/** Business, campaign and import, by the commands of the docs. */
async function begin(
  { run }: Runner,
  env: NodeJS.ProcessEnv,
  file: string,
  { name, zone, preset, format }: Product,
): Promise<void> {
  const business = ['--business', name];
  const profile = ['--postal-address', postalAddress, '--review-url', `https://reviews.example.com/${name}`];
  const voice = ['--brand-name', name, '--sender-name', 'Sam', '--contact-phone', '+12125550100'];
  await run(['business', 'add', '--name', name, '--time-zone', zone, ...profile, ...voice]);
  const now = ['--now', new Date(importedAt).toISOString()];
  const copied = await run<{ campaign: { name: string } }>(['campaign', 'copy', preset, ...business]);
  await run(['campaign', 'publish', copied.campaign.name, ...business]);
  const answer = await touchline<ImportAnswer>(env, ['import', 'jobs', file, ...business, '--enroll', '--yes', ...now]);
  const { total, imported, rejected } = answer.rows;
  say(`${format}: ${total} rows, ${imported} imported, ${rejected} rejected, ${answer.enrollment.enrolled} enrolled`);
}

/** Clicks some links as mail programs do, half of them as forms of the other kind. Answers who ended it. */
async function click(
  env: NodeJS.ProcessEnv,
  inbox: Inbox,
  due: readonly Expected[],
  at: number,
): Promise<Map<string, number>> {
  const ended = new Map<string, number>();
  await whileServing(env, async (url) => {
    for (const { name } of products) {
      // Whoever got one and would get more, so that the silence afterwards means something.
      const waiting = due.filter((one) => one.product === name && one.at > at).map(({ recipient }) => recipient);
      const chosen = inbox.arrived.filter(({ recipient }) => waiting.includes(recipient)).slice(0, size.clicksEach);
      for (const [index, mail] of chosen.entries()) {
        const link = (await unsubscribeLink(mail))?.replace(publicUrl, url) ?? url;
        await fetch(link);
        const body = index % 2 === 0 ? new URLSearchParams() : new FormData();
        body.append('List-Unsubscribe', 'One-Click');
        const { status } = await fetch(link, { method: 'POST', body, redirect: 'error' });
        if (status !== 200) throw new Error(`A click was answered with ${status}.`);
        ended.set(mail.recipient, at);
      }
    }
  });
  return ended;
}

interface Keys {
  certificate: Certificate;
  /** PEM, of the DKIM key. */
  publicKey: string;
  /** Settings that name the files of both. */
  settings: Record<string, string>;
}

function makeKeys(folder: string): Keys {
  const certificate = selfSigned(['127.0.0.1']);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const [authority, dkim] = [join(folder, 'authority.pem'), join(folder, 'dkim.pem')];
  writeFileSync(authority, certificate.cert);
  writeFileSync(dkim, privateKey);
  const settings = { NODE_EXTRA_CA_CERTS: authority, DKIM_DOMAIN: domain, DKIM_SELECTOR: 'touch', DKIM_KEY_FILE: dkim };
  return { certificate, publicKey, settings };
}

/** Runs all ticks. Answers who ended it meanwhile. */
async function passTime(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  inbox: Inbox,
  due: readonly Expected[],
): Promise<Map<string, number>> {
  let ended = new Map<string, number>();
  for (const [index, at] of ticks.entries()) {
    if (ended.size === 0 && at > clicksAfter) ended = await click(env, inbox, due, at);
    inbox.setMoment(at);
    const before = inbox.arrived.length;
    const args = ['tick', '--now', new Date(at).toISOString()];
    // Some by a process of their own, as a cron would run them.
    if (index % 40 === 2) await touchline(env, args);
    else await runner.run(args);
    // A second look at the same moment must do nothing.
    if (inbox.arrived.length > before) await runner.run(args);
  }
  return ended;
}

async function judge(inbox: Inbox, expected: readonly Expected[], ended: Ended, publicKey: string): Promise<string[]> {
  const settings: Settings = { domain, from: `hello@${domain}`, publicUrl, publicKey, postalAddress };
  const problems = compare(expected, inbox.arrived);
  for (const mail of inbox.arrived) {
    for (const problem of await mailProblems(mail, settings)) problems.push(`${mail.recipient}: ${problem}`);
  }
  problems.push(...(await repeatedIds(inbox.arrived)));
  if (ended.size === 0) problems.push('nobody clicked: the run proves nothing about ending it');
  return problems;
}

async function month(folder: string, databaseUrl: string): Promise<number> {
  const { certificate, publicKey, settings } = makeKeys(folder);
  const inbox = await openInbox(certificate);
  const env: NodeJS.ProcessEnv = {
    ...{ PATH: process.env.PATH, DATABASE_URL: databaseUrl, PORT: '0', PUBLIC_URL: publicUrl, ...settings },
    ...{ TOUCHLINE_SECRET: 'a secret of more than thirty-two characters', SMTP_URL: inbox.url },
    SMTP_FROM: `hello@${domain}`,
  };
  const lists = products.map(
    (product) => [product, visits(product.name, size.rows, product.seed, '2026-03-01')] as const,
  );
  const expectAll = (ended: Ended): Expected[] =>
    lists.flatMap(([product, rows]) => expectedOf(product, rows, importedAt, ticks, ended));

  await touchline(env, ['migrate', '--virtual-clock']);
  const runner = openRunner(env);
  for (const [product, rows] of lists) {
    const file = join(folder, `${product.name}.csv`);
    writeFileSync(file, product.write(rows));
    await begin(runner, env, file, product);
  }
  const ended = await passTime(runner, env, inbox, expectAll(new Map()));
  runner.close();
  await inbox.close();

  const expected = expectAll(ended);
  const problems = await judge(inbox, expected, ended, publicKey);
  const late = inbox.arrived.filter(({ recipient, at }) => at >= (ended.get(recipient) ?? Number.POSITIVE_INFINITY));
  console.log(tableOf(expected, inbox.arrived).join('\n'));
  console.log(`${inbox.arrived.length} mails over ${inbox.logins()} connections under TLS, each with its login`);
  console.log(`${ended.size} people ended it by one click; ${late.length} mails to them afterwards`);
  for (const problem of problems) console.log(`DIFFERENT: ${problem}`);
  console.log(
    problems.length === 0 ? 'expected = received, every signature verified' : `${problems.length} differences`,
  );
  return problems.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const folder = mkdtempSync(join(temporaryFolder(), 'touchline-mail-month-'));
  // mkdtemp makes a folder for its owner alone; the server's account must pass through it.
  chmodSync(folder, 0o711);
  const server = await startEmbedded({ dataDir: join(folder, 'data'), durable: false });
  try {
    return await month(folder, server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
