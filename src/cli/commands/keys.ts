// `touchline keys`: with what programs act for a business.
import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { addApiKey, revokeApiKey } from '../../db/call/keys.ts';
import { type KeySummary, listKeys } from '../../db/read/keys.ts';
import { apiKeyFrom } from '../../domain/api-key.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { apiScopes } from '../../generated/rows.ts';
import { addBusinessOption } from '../business-options.ts';
import { chooseBusiness } from '../choose.ts';
import type { Perform } from '../perform.ts';
import { usage } from '../problem.ts';
import { type Column, table } from '../table.ts';

interface CreateOptions {
  business?: string;
  name: string;
  scopes: string[];
}

const usualScopes = ['read', 'write'];

function readScopes(text: string): string[] {
  const scopes = text.split(',').map((part) => part.trim().toLowerCase());
  for (const scope of scopes) {
    if (apiScopes.some((known) => known === scope)) continue;
    throw new InvalidArgumentError(`There is no scope "${scope}".${didYouMean(scope, apiScopes)}`);
  }
  return scopes;
}

function addCreate(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('create'))
    .description('make a key and print it; it is not kept and cannot be shown again')
    .option('--name <text>', 'which program will use it', 'API key')
    .option('--scopes <list>', `separated by commas: ${apiScopes.join(', ')}`, readScopes, usualScopes)
    .action(
      perform(async ({ open, say }, { business, name, scopes }: CreateOptions) => {
        const { key, ...kept } = apiKeyFrom(randomBytes(32));
        const { run } = await open('current');
        const made = await run(async (client) => {
          const { id: business_id } = await chooseBusiness(client, business);
          return { business_id, id: await addApiKey(client, business_id, { name, scopes, ...kept }) };
        });
        say(`Keep it like a password; only its hash is here. touchline keys revoke ${made.id} ends it.`);
        return { text: key, document: { key, ...made, name, scopes } };
      }),
    );
}

const day = (moment: Date | null): string | null => moment && `${moment.toISOString().slice(0, 16)}Z`;

const columns: readonly Column<KeySummary>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'KEY', value: ({ key_prefix, last4 }) => `${key_prefix}…${last4}` },
  { title: 'SCOPES', value: ({ scopes }) => scopes.join(',') },
  { title: 'MADE', value: ({ created_at }) => day(created_at) },
  { title: 'LAST USED', value: ({ last_used_at }) => day(last_used_at) },
  { title: 'REVOKED', value: ({ revoked_at }) => day(revoked_at) },
];

function addList(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('list'))
    .description('show the keys of a business, without the secret part')
    .action(
      perform(async ({ open, paint }, { business }: { business?: string }) => {
        const { run } = await open('current');
        const keys = await run(async (client) => listKeys(client, (await chooseBusiness(client, business)).id));
        const none = 'No keys yet. Make one: touchline keys create.';
        return { text: table(keys, columns, (text) => paint('bold', text), none), document: { keys } };
      }),
    );
}

function addRevoke(parent: Command, perform: Perform): void {
  addBusinessOption(parent.command('revoke'))
    .description('end a key: the next request with it is refused')
    .argument('<key>', 'its id')
    .action(
      perform(async ({ open }, id: string, { business }: { business?: string }) => {
        if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
          throw usage(`"${id}" is not the id of a key.`, 'touchline keys list shows the ids.');
        }
        const { run } = await open('current');
        const revoked = await run(async (client) =>
          revokeApiKey(client, (await chooseBusiness(client, business)).id, id),
        );
        return { text: revoked ? 'Revoked.' : 'It was revoked already.', document: { id, revoked } };
      }),
    );
}

export function addKeys(parent: Command, perform: Perform): void {
  const keys = parent.command('keys').description('keys with which programs call the HTTP API for a business');
  for (const add of [addCreate, addList, addRevoke]) add(keys, perform);
}
