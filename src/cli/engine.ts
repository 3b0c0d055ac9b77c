// The engine of a command: who sends, and what time it is.
import { hostname } from 'node:os';
import type pg from 'pg';
import type { Config } from '../config.ts';
import { recordMailboxMessage } from '../db/engine/mailbox.ts';
import { engineStore } from '../db/engine/store.ts';
import { hasReachedSomebody } from '../db/read/deliveries.ts';
import { hasOwnSender } from '../db/read/senders.ts';
import { type Clock, clockAt, systemClock } from '../engine/clock.ts';
import type { MessageLinks } from '../engine/compose.ts';
import type { Sender } from '../engine/ports.ts';
import type { Engine } from '../engine/process-batch.ts';
import { mailboxSender } from '../senders/mailbox.ts';
import { forgetfulSender } from '../senders/memory.ts';
import type { Database } from './database.ts';
import { linksOf, tokensOf } from './links.ts';
import { memoryOf } from './memory.ts';
import { CommandProblem, exit, usage } from './problem.ts';
import { sendersOf } from './senders.ts';

export interface EngineOptions {
  /** A moment in RFC 3339, for databases with a virtual clock. */
  now?: string;
  /** `mailbox`: messages are kept in the database; `memory`: they go nowhere. */
  sender?: string;
  /** Where the pages that links lead to are, without PUBLIC_URL. Default: PORT on this machine. */
  base?: () => string;
}

/** Connections of an engine; default: those of the command. */
export interface EnginePools {
  /** For claims and settles. */
  store: pg.Pool;
  /** For what a send needs: the built-in mailbox, the account of a business. */
  sends: pg.Pool;
}

/** @throws CommandProblem `usage` */
export function momentOf(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()) || !/T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text)) {
    throw usage(`"${text}" is not a moment.`, 'Write it like 2026-03-02T15:00:00Z.');
  }
  return moment;
}

/** Whether the database keeps no real time. */
export async function isVirtual({ run }: Database): Promise<boolean> {
  return run(async (client) => {
    const { rows } = await client.query<{ virtual: boolean }>('select touchline.has_virtual_clock() as virtual');
    return rows[0]?.virtual === true;
  });
}

type ChosenSender = 'memory' | 'mailbox';

const isChoice = (name: string): name is ChosenSender => name === 'memory' || name === 'mailbox';

function choiceOf(name: string | undefined, isVirtual: boolean): ChosenSender | undefined {
  if (name === undefined) return undefined;
  if (!isChoice(name)) throw usage(`There is no sender "${name}".`, 'Those to choose here are mailbox and memory.');
  if (isVirtual) return name;
  throw new CommandProblem({
    code: 'sender_refused',
    what: `The ${name} sender accepts messages that go nowhere.`,
    why: 'On a database that keeps its own time they would be marked as sent to real people. Nothing was sent.',
    fix: 'Leave --sender out; or use a database made with touchline migrate --virtual-clock.',
    exitCode: exit.refused,
  });
}

function madeSender(choice: ChosenSender | undefined, pool: pg.Pool, clock: Clock): Sender | undefined {
  if (choice === 'memory') return forgetfulSender();
  return choice && mailboxSender((message) => recordMailboxMessage(pool, message, clock.now()));
}

/**
 * Whether everything ends in the built-in mailbox because nothing was set up yet: on the embedded database only, and never once a
 * message of it has reached somebody, as then a forgotten setting is more likely.
 */
export async function isOnTrial({ smtpUrl, resend, twilio }: Config, { embedded, run }: Database): Promise<boolean> {
  if (!embedded || smtpUrl !== undefined || resend !== undefined || twilio !== undefined) return false;
  return !(await run(hasReachedSomebody)) && !(await run(hasOwnSender));
}

function noLinks(): CommandProblem {
  return new CommandProblem({
    code: 'links_impossible',
    what: 'Emails need a link that ends them, and the settings for it are missing.',
    why: 'TOUCHLINE_SECRET signs the link, PUBLIC_URL says where touchline start answers it. Nothing was sent.',
    fix: 'Set both, to the same values for every start, work and tick on this database (openssl rand -base64 32).',
    exitCode: exit.refused,
  });
}

interface LinkFacts {
  base: () => string;
  /** Whether the server itself sends emails to people. */
  sendsEmail: boolean;
  isVirtual: boolean;
}

// Without a public address only a browser on this machine can follow a link: enough where nothing leaves it.
function messageLinks(config: Config, database: Database, { base, sendsEmail, isVirtual }: LinkFacts): MessageLinks {
  const tokens = tokensOf(config, database);
  const { publicUrl } = config;
  if (tokens !== undefined && (publicUrl !== undefined || !sendsEmail || isVirtual)) {
    return { unsubscribe: (intent) => linksOf(tokens, publicUrl ?? base()).unsubscribe(intent) };
  }
  if (sendsEmail) throw noLinks();
  return { unsubscribe: ({ sendLogId }) => `urn:uuid:${sendLogId}` };
}

/** An engine and what it holds. */
export interface OpenEngine extends Engine {
  /** Whether everything ends in the built-in mailbox because nothing was set up yet. */
  mailboxOnly: boolean;
  close(): void;
}

/**
 * The engine on a command's database. Without a sender nothing leaves: accounts pause and say that nobody here can send.
 * @throws CommandProblem `usage`, `sender_refused`, `smtp_refused`, `provider_refused`, `links_impossible`
 */
export async function openEngine(
  config: Config,
  database: Database,
  options: EngineOptions,
  pools: EnginePools = { store: database.pool, sends: database.pool },
): Promise<OpenEngine> {
  const now = momentOf(options.now);
  const virtual = await isVirtual(database);
  const clock = now === null ? systemClock : clockAt(() => now);
  const choice = choiceOf(options.sender, virtual);
  const mailboxOnly = choice === undefined && (await isOnTrial(config, database));
  const chosen = madeSender(mailboxOnly ? 'mailbox' : choice, pools.sends, clock);
  const place = { config, database, isVirtual: virtual, pool: pools.sends, clock };
  const own = chosen === undefined ? sendersOf(place) : undefined;
  const { base = () => `http://localhost:${config.port}` } = options;
  const memory = memoryOf(config, database);
  return {
    store: engineStore(pools.store),
    clock,
    senders: own?.senders ?? (() => chosen),
    links: messageLinks(config, database, { base, sendsEmail: own?.sendsEmail === true, isVirtual: virtual }),
    worker: `${hostname()}:${process.pid}`,
    ...(memory === undefined ? {} : { memory }),
    mailboxOnly,
    close: () => own?.close(),
  };
}
