// One run: puts database, providers, workers and nemesis together, lets time pass until nothing is left, and judges.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createPool } from '../../src/db/client.ts';
import { migrate } from '../../src/db/migrate/index.ts';
import type { Listening } from '../../src/http/serve.ts';
import { createAcceptanceLog } from '../../test/support/acceptance-log.ts';
import { startCallbacks } from './callbacks.ts';
import { type CrashCluster, startCluster } from './cluster.ts';
import { deedsOf } from './deeds.ts';
import { Fleet } from './fleet.ts';
import { judge, type Opposed, type Verdict } from './judge.ts';
import { breakThings, type ScheduledFault, scheduleOf } from './nemesis.ts';
import { passTime } from './passing-time.ts';
import { compilePrograms } from './programs.ts';
import { type ProviderProcesses, startProviders } from './providers.ts';
import { randomFrom } from './random.ts';
import { keepVacuumed } from './vacuuming.ts';
import { createOffset, resumed, type VirtualTime, virtualMs, writeOffset } from './virtual-time.ts';
import { fill } from './world.ts';

export interface CampaignState {
  seed: number;
  people: number;
  /** For each of them, at most four. */
  touches: number;
  speed: number;
  workers: number;
  faultEveryMs: number;
  /** A fault comes sooner when so many messages were accepted since the last; null: the time alone decides. */
  faultEveryMessages: number | null;
  /** Null before the first run. */
  time: VirtualTime | null;
  /** When it was stopped, in real milliseconds: its time stands still until it goes on. */
  stoppedMs: number;
  counts: { kills: number; freezes: number; db_crashes: number; backend_kills: number; workers_died: number };
  /** How often each armed point was reached. */
  reached: Record<string, number>;
  seconds: number;
}

export interface RunOptions {
  signal: AbortSignal;
  /** Lines of an earlier run's faults. */
  replay: string | undefined;
  say: (line: string) => void;
  /** Keeps the state, so that the same command goes on from it: with the judgement alone, if that is what failed. */
  save: () => void;
}

export type Result =
  | { state: CampaignState }
  | { state: CampaignState; verdict: Verdict & { broken: string[] }; missing: string[] };

/** The longest horizon, in virtual milliseconds, and a little more: a worker frozen so long was given up by everybody. */
const beyondHorizonMs = 300_000;

/**
 * Longer than a message has from its claim to its first byte, with two clocks moved against each other, in virtual milliseconds: what
 * was to go out has then arrived at its provider, who is asked whether it is still in hand. Every jump waits for this.
 */
const quietMs = 16_000;

/** The clock of one worker may be moved by this much, either way, in virtual milliseconds. */
const skewMs = 5_000;

const offsetFileIn = (folder: string): string => join(folder, 'offset');

const linesOf = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

/** Virtual time begins in the afternoon of today, so that the early end of one business's day comes soon. */
function firstTime(speed: number): VirtualTime {
  const originMs = Date.now();
  const afternoon = new Date(originMs);
  afternoon.setUTCHours(15, 0, 0, 0);
  return { originMs, speed, offsetMs: afternoon.getTime() - originMs };
}

async function prepare(
  cluster: CrashCluster,
  { people, touches }: CampaignState,
  begin: Date,
  say: RunOptions['say'],
): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  try {
    // The cluster runs without fsync and with lazy commits; what is tried here is that a commit survives the server's death.
    await client.query('alter database touchline set synchronous_commit = on');
    await client.query('set synchronous_commit = off');
    await migrate(client, { virtualClock: true });
    await createAcceptanceLog(client);
    await fill(client, { people, touches, begin }, say);
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** What is there while the campaign runs. */
interface Theatre {
  cluster: CrashCluster;
  providers: ProviderProcesses;
  fleet: Fleet;
  pool: pg.Pool;
  /** Moved by every jump. */
  clock: { time: VirtualTime };
  callbacks: Listening;
  crashDatabase: () => Promise<void>;
}

async function open(folder: string, state: CampaignState, time: VirtualTime, say: RunOptions['say']): Promise<Theatre> {
  const cluster = await startCluster(folder);
  if (state.time === null) await prepare(cluster, state, new Date(virtualMs(time, Date.now())), say);
  const programs = compilePrograms(folder);
  const random = randomFrom(state.seed);
  const offsetFile = offsetFileIn(folder);
  createOffset(offsetFile, time.offsetMs);
  const providers = await startProviders(folder, {
    program: programs.provider,
    seed: state.seed,
    time,
    offsetFile,
    slowMs: 2_500 / state.speed,
  });
  let crashing: Promise<void> = Promise.resolve();
  const crashDatabase = (): Promise<void> => {
    crashing = crashing.then(async () => {
      await cluster.crash();
      state.counts.db_crashes += 1;
    });
    return crashing;
  };
  const pool = createPool(cluster.url, { max: 6, applicationName: 'crash-nemesis' });
  const clock = { time };
  const callbacks = await startCallbacks(pool, () => new Date(virtualMs(clock.time, Date.now())));
  const places = { databaseUrl: cluster.url, providers: providers.addresses, callbackBase: callbacks.url };
  const freezeMs = beyondHorizonMs / state.speed;
  const reachedBefore = new Set(Object.keys(state.reached));
  const fleet = new Fleet({
    program: programs.worker,
    workers: state.workers,
    orders: { ...places, time, offsetFile },
    random,
    freezeMs,
    crashDatabase,
    reachedBefore,
    say,
  });
  return { cluster, providers, fleet, pool, clock, callbacks, crashDatabase };
}

async function play(
  folder: string,
  state: CampaignState,
  theatre: Theatre,
  { signal, replay, say }: RunOptions,
): Promise<VirtualTime> {
  const { fleet, providers, pool, clock, crashDatabase } = theatre;
  const backendKills = { backendKills: 0 };
  const deeds = deedsOf({
    pool,
    fleet,
    now: () => new Date(virtualMs(clock.time, Date.now())),
    crashDatabase,
    optOuts: join(folder, 'opt-outs.jsonl'),
    jumpMs: skewMs,
    counts: backendKills,
  });
  const schedule =
    replay === undefined
      ? scheduleOf(randomFrom(state.seed + 1), state.faultEveryMs)
      : linesOf<ScheduledFault>(replay)[Symbol.iterator]();
  const peace = new AbortController();
  signal.addEventListener('abort', () => {
    peace.abort();
    fleet.drain();
  });
  const msPerMessage =
    replay !== undefined || state.faultEveryMessages === null ? 0 : state.faultEveryMs / state.faultEveryMessages;
  const acceptedBefore = providers.accepted();
  const war = breakThings(schedule, deeds, {
    signal: peace.signal,
    progressMs: () => (msPerMessage === 0 ? 0 : (providers.accepted() - acceptedBefore) * msPerMessage),
    record: join(folder, 'faults.jsonl'),
    say,
  });
  const vacuuming = keepVacuumed(pool, peace.signal);
  const ended = await passTime({
    pool,
    time: clock.time,
    quietMs,
    areProvidersIdle: () => providers.areIdle(),
    signal,
    drainMs: beyondHorizonMs / state.speed,
    jumpTo: (offsetMs) => {
      clock.time = { ...clock.time, offsetMs };
      writeOffset(offsetFileIn(folder), offsetMs);
      fleet.jump();
    },
    onProgress: (moment, { open: underWay, active }) =>
      say(
        `${moment.toISOString()} ${active} waiting, ${underWay} under way, ${fleet.kills} kills, ${fleet.missing.length} points to come`,
      ),
  });
  peace.abort();
  await Promise.all([war, vacuuming]);
  state.counts.backend_kills += backendKills.backendKills;
  return ended;
}

/** Runs the campaign, or goes on with one that was stopped. */
export async function runCampaign(folder: string, state: CampaignState, options: RunOptions): Promise<Result> {
  const begun = performance.now();
  const time = state.time === null ? firstTime(state.speed) : resumed(state.time, state.stoppedMs, Date.now());
  const theatre = await open(folder, state, time, options.say);
  const { cluster, fleet, pool, providers } = theatre;
  try {
    state.time = await play(folder, state, theatre, options);
    state.stoppedMs = Date.now();
    await fleet.end();
    state.counts.kills += fleet.kills;
    state.counts.freezes += fleet.freezes;
    state.counts.workers_died += fleet.died;
    for (const [name, times] of fleet.reached) state.reached[name] = (state.reached[name] ?? 0) + times;
    state.seconds += Math.round((performance.now() - begun) / 1000);
    options.save();
    if (options.signal.aborted) return { state };
    const client = await pool.connect();
    const optOuts = join(folder, 'opt-outs.jsonl');
    const opposed = existsSync(optOuts) ? linesOf<Opposed>(readFileSync(optOuts, 'utf8')) : [];
    const now = new Date(virtualMs(state.time, Date.now()));
    const verdict = await judge(client, { logs: providers.logs, opposed, now, skewMs });
    client.release(true);
    return { state, verdict, missing: fleet.missing };
  } finally {
    providers.end();
    await theatre.callbacks.close();
    await pool.end();
    await cluster.stop();
  }
}
