// `touchline sender add` and `set`: a business's own account at a mail server or a provider. Its secret is sealed here and
// never shown again.
import { randomUUID } from 'node:crypto';
import { Argument, type Command } from 'commander';
import type { ClientBase } from 'pg';
import { type SenderAccountChanges, senderCredentials, setSenderAccount } from '../../db/call/senders.ts';
import { listSenderAccounts, type SenderAccountShown } from '../../db/read/senders.ts';
import type { SealedSecret, SecretOwner } from '../../domain/secret-box.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness, chooseSenderAccount } from '../choose.ts';
import type { Database } from '../database.ts';
import { describeSender } from '../describe-sender.ts';
import type { Answer, Cli, Perform } from '../perform.ts';
import { notFound, usage } from '../problem.ts';
import {
  addSenderOptions,
  changesFrom,
  kinds,
  type OwnKind,
  type SenderOptions,
  secretFrom,
} from '../sender-options.ts';
import { requireBox, type SenderSecret, sealable, secretIn } from '../sender-secret.ts';

type Options = SenderOptions & { business?: string; use?: boolean };

function answerFor(accounts: readonly SenderAccountShown[], id: string, verb: string): Answer {
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) throw notFound('The account is gone.', 'touchline sender list shows all.');
  return { text: `${verb} ${describeSender(account)}`, document: { account } };
}

/** Seals a secret; of one that has two parts, what is not given stays. */
async function seal(
  { config }: Cli,
  database: Database,
  client: ClientBase,
  owner: SecretOwner,
  secret: SenderSecret,
): Promise<SealedSecret> {
  const box = requireBox(config, database);
  const before = await senderCredentials(client, owner.businessId, owner.senderAccountId);
  const old = before?.secret === undefined ? undefined : box.open(owner, before.secret);
  return box.seal(owner, sealable({ ...(old === undefined ? {} : secretIn(old)), ...secret }));
}

function needed(kind: OwnKind, options: Options): void {
  const missing = {
    smtp: options.host === undefined ? '--host' : undefined,
    resend: options.secretFile === undefined ? '--secret-file' : undefined,
    twilio: options.sid === undefined || options.secretFile === undefined ? '--sid and --secret-file' : undefined,
  }[kind];
  if (missing !== undefined)
    throw usage(`An account of kind ${kind} needs ${missing}.`, 'touchline sender add --help says what they are.');
}

export function addSenderAdd(parent: Command, perform: Perform): void {
  addSenderOptions(addBusinessOption(parent.command('add')))
    .description('add an account of a business; its channel sends through it from now on')
    .addArgument(new Argument('<kind>', 'smtp and resend send email, twilio sends SMS').choices(kinds))
    .option('--no-use', 'keep the one that is in use')
    .action(
      perform(async (cli, kind: OwnKind, options: Options) => {
        needed(kind, options);
        const secret = await secretFrom(cli.io, options);
        const database = await cli.open('current');
        return database.run(async (client) => {
          const { id: businessId } = await chooseBusiness(client, options.business);
          const owner = { businessId, senderAccountId: randomUUID() };
          const changes: SenderAccountChanges = {
            ...{ kind, channel: kind === 'twilio' ? 'sms' : 'email', name: options.name ?? kind },
            ...changesFrom(options, {}),
            ...(options.use === false ? {} : { in_use: true }),
          };
          const sealed = secret === undefined ? undefined : await seal(cli, database, client, owner, secret);
          await setSenderAccount(client, businessId, owner.senderAccountId, changes, sealed);
          return answerFor(await listSenderAccounts(client, businessId), owner.senderAccountId, 'Added');
        });
      }),
    );
}

export function addSenderSet(parent: Command, perform: Perform): void {
  addSenderOptions(addBusinessOption(parent.command('set')))
    .description('change an account, or put it in use; what is not named stays')
    .argument('<account>', 'its id or name')
    .option('--use', 'send through it from now on')
    .action(
      perform(async (cli, wanted: string, options: Options) => {
        const secret = await secretFrom(cli.io, options);
        const database = await cli.open('current');
        return database.run(async (client) => {
          const { id: businessId } = await chooseBusiness(client, options.business);
          const { id: senderAccountId, settings } = await chooseSenderAccount(client, businessId, wanted);
          const owner = { businessId, senderAccountId };
          const changes: SenderAccountChanges = {
            ...changesFrom(options, settings),
            ...(options.use === true ? { in_use: true } : {}),
          };
          if (secret === undefined && Object.keys(changes).length === 0) {
            throw usage('There is nothing to change.', 'Name an option, like --from or --use; --help lists all.');
          }
          const sealed = secret === undefined ? undefined : await seal(cli, database, client, owner, secret);
          await setSenderAccount(client, businessId, senderAccountId, changes, sealed);
          return answerFor(await listSenderAccounts(client, businessId), senderAccountId, 'Changed');
        });
      }),
    );
}
