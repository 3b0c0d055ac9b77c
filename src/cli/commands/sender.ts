// `touchline sender`: through whom a business sends.
import type { Command } from 'commander';
import type { ClientBase } from 'pg';
import { pauseSenderAccount, removeSenderAccount, resealSecrets, resumeSenderAccount } from '../../db/call/senders.ts';
import { listSenderAccounts, type SenderAccountShown } from '../../db/read/senders.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseSenderAccount } from '../choose.ts';
import { describeSender, senderDetails, senderState } from '../describe-sender.ts';
import type { Perform } from '../perform.ts';
import { CommandProblem, exit } from '../problem.ts';
import { requireBox } from '../sender-secret.ts';
import { type Column, table } from '../table.ts';
import { counted } from '../words.ts';
import { addSenderCheck } from './sender-check.ts';
import { addSenderAdd, addSenderSet } from './sender-set.ts';

const columns: readonly Column<SenderAccountShown>[] = [
  { title: 'channel', value: ({ channel }) => channel },
  { title: 'name', value: ({ name }) => name },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'id', value: ({ id }) => id },
  { title: 'state', value: senderState },
  { title: 'details', value: (account) => senderDetails(account) || '-' },
];

function addList(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('list'))
    .description('list the accounts of a business; secrets are never shown')
    .action(
      perform(async ({ open, paint }, { business }: { business?: string }) => {
        const { run } = await open('current');
        const accounts = await run(async (client) =>
          listSenderAccounts(client, (await chooseBusiness(client, business)).id),
        );
        const text = table(accounts, columns, (titles) => paint('bold', titles), 'There is no account.');
        return { text, document: { accounts } };
      }),
    );
}

interface Deed {
  name: string;
  description: string;
  verb: string;
  reason?: true;
  act(client: ClientBase, businessId: string, account: SenderAccountShown, reason: string | null): Promise<void>;
}

const deeds: readonly Deed[] = [
  {
    name: 'pause',
    description: 'send nothing through an account until it is resumed; the touches wait',
    verb: 'Paused',
    reason: true,
    act: (client, businessId, { id }, reason) => pauseSenderAccount(client, businessId, id, reason),
  },
  {
    name: 'resume',
    description: 'send through an account again',
    verb: 'Resumed',
    act: (client, businessId, { id }) => resumeSenderAccount(client, businessId, id),
  },
  {
    name: 'remove',
    description: 'end the use of an account and forget its secret; the channel sends through the server’s own',
    verb: 'Removed',
    act: (client, businessId, { id }) => removeSenderAccount(client, businessId, id),
  },
];

function addDeed(parent: Command, perform: Perform, { name, description, verb, reason, act }: Deed): void {
  const command = addBusinessOption(parent.command(name))
    .description(description)
    .argument('<account>', 'its id or name');
  if (reason === true) command.option('--reason <text>', 'shown where people look why nothing leaves');
  command.action(
    perform(async ({ open }, wanted: string, options: { business?: string; reason?: string }) => {
      const { run } = await open('current');
      return run(async (client) => {
        const { id: businessId } = await chooseBusiness(client, options.business);
        const account = await chooseSenderAccount(client, businessId, wanted);
        await act(client, businessId, account, options.reason ?? null);
        const now = await chooseSenderAccount(client, businessId, account.id);
        return { text: `${verb} ${describeSender(now)}`, document: { account: now } };
      });
    }),
  );
}

function unreadable(accounts: readonly { senderAccountId: string }[]): CommandProblem {
  return new CommandProblem({
    code: 'secret_unreadable',
    what: `${counted(accounts.length, 'secret')} of sender accounts cannot be opened.`,
    why: `Nothing was changed. The first is of account ${accounts[0]?.senderAccountId ?? ''}.`,
    fix: 'Add the secret they were sealed with to TOUCHLINE_OLD_SECRETS, or give the accounts their secret again.',
    exitCode: exit.refused,
  });
}

function addRotate(parent: Command, perform: Perform): void {
  parent
    .command('rotate-secrets')
    .description(
      'seal all secrets anew with TOUCHLINE_SECRET; those sealed with TOUCHLINE_OLD_SECRETS are opened for it',
    )
    .action(
      perform(async ({ open, config }) => {
        const database = await open('current');
        const box = requireBox(config, database);
        const resealed = await database.run(async (client) => {
          const done = await resealSecrets(client, box.keyId, ({ sealed, ...owner }) => {
            const text = box.open(owner, sealed);
            return text === undefined ? undefined : box.seal(owner, text);
          });
          // Inside, so that what was sealed meanwhile is taken back.
          if (done.left.length > 0) throw unreadable(done.left);
          return done.resealed;
        });
        const text =
          resealed.length === 0
            ? 'All secrets are sealed with TOUCHLINE_SECRET.'
            : `Sealed ${counted(resealed.length, 'secret')} anew.`;
        return { text, document: { resealed: resealed.length } };
      }),
    );
}

export function addSender(parent: Command, perform: Perform): void {
  const sender = parent.command('sender').description('through whom a business sends');
  for (const add of [addList, addSenderAdd, addSenderSet, addSenderCheck, addRotate]) add(sender, perform);
  for (const deed of deeds) addDeed(sender, perform, deed);
}
