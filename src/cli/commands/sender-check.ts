// `touchline sender check`: asks the provider of an account whether it would take messages. Nothing is sent.
import type { Command } from 'commander';
import { systemClock } from '../../engine/clock.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseSenderAccount } from '../choose.ts';
import type { Database } from '../database.ts';
import { isVirtual } from '../engine.ts';
import { defaultEmail, defaultSms, type OpenSender } from '../make-sender.ts';
import type { Cli, Perform } from '../perform.ts';
import { exit } from '../problem.ts';
import { accountSender } from '../senders.ts';

const patienceMs = 30_000;

interface Chosen {
  businessId: string;
  id: string;
  channel: string;
  kind: string;
}

/** The sender of the account, or why there is none, in words. */
async function senderOf({ config }: Cli, database: Database, account: Chosen): Promise<OpenSender | string> {
  const place = { config, database, isVirtual: await isVirtual(database), pool: database.pool };
  if (account.kind === 'server_default') {
    const sender = account.channel === 'email' ? defaultEmail(place) : defaultSms(place);
    return sender ?? `The server has no way to send ${account.channel}: touchline config shows the settings.`;
  }
  const found = await accountSender(place, { businessId: account.businessId, senderAccountId: account.id });
  return 'kind' in found ? (found.errorMessage ?? found.kind) : found;
}

async function ask(sender: OpenSender): Promise<{ ok: boolean; words: string }> {
  const giveUp = new AbortController();
  const answered = new AbortController();
  void systemClock.sleep(patienceMs, answered.signal).then(() => giveUp.abort());
  try {
    return await sender.check(giveUp.signal);
  } finally {
    answered.abort();
    sender.close();
  }
}

export function addSenderCheck(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('check'))
    .description('ask the provider of an account whether it would take messages; nothing is sent')
    .argument('<account>', 'its id or name')
    .action(
      perform(async (cli, wanted: string, { business }: { business?: string }) => {
        const database = await cli.open('current');
        const account = await database.run(async (client) => {
          const { id: businessId } = await chooseBusiness(client, business);
          return { ...(await chooseSenderAccount(client, businessId, wanted)), businessId };
        });
        const sender = await senderOf(cli, database, account);
        const { ok, words } = typeof sender === 'string' ? { ok: false, words: sender } : await ask(sender);
        const { id, name, kind, channel } = account;
        return {
          text: `${name} (${kind}, ${channel}): ${ok ? 'ok' : 'failed'}. ${words}`,
          document: { account: { id, name, kind, channel }, ok, words },
          exitCode: ok ? exit.ok : exit.failed,
        };
      }),
    );
}
