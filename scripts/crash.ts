// The crash campaign: real workers, a real Postgres, providers that lie and keep a log on disk, and everything that can be killed
// is killed, at random and at every named point.
//
//   npm run crash -- --quick --json                  20,000 accepted in two touches, every crash point, a few minutes
//   npm run crash -- --accepted 2000                 the shortest form, of the gate: what is not reached by chance is no failure
//   npm run crash -- --accepted 1000000 --folder X   the long form; Ctrl-C leaves X so that the same command goes on
//   npm run crash -- --replay X/faults.jsonl         the faults of an earlier run, at the same moments
//
// Exit 1 when something was doubled, lost, sent after an opt-out or in quiet hours, left unknown, or broke an invariant, or when a
// worker ended by itself.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryFolder } from '../test/support/test-server.ts';
import { type CampaignState, runCampaign } from './crash/campaign.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    accepted: { type: 'string' },
    workers: { type: 'string', default: '4' },
    speed: { type: 'string', default: '5' },
    touches: { type: 'string' },
    'fault-every-ms': { type: 'string' },
    'fault-every-messages': { type: 'string' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    replay: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** From so many on, every crash point must have been met. */
const enoughForAllPoints = 20_000;

/** Some are stopped or opt out before they have had all. */
const acceptedPerTouch = 0.95;

/**
 * Each moment at which touches are due ends with the wait for what is in doubt, which is most of the time of a small campaign: the
 * short form has fewer of them. Its faults come by what is done rather than by the time, so that there are enough on a fast machine, and
 * not more of them on a slow one.
 */
const quick = { accepted: '21500', touches: '2', everyMs: '2600', everyMessages: '75' };
const long = { accepted: '1050000', touches: '4', everyMs: '1300', everyMessages: undefined };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function stateOf(folder: string): CampaignState {
  const file = join(folder, 'state.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as CampaignState;
  const form = values.quick ? quick : long;
  const touches = Number(values.touches ?? form.touches);
  const everyMessages = values['fault-every-messages'] ?? form.everyMessages;
  return {
    seed: Number(values.seed),
    people: Math.ceil(Number(values.accepted ?? form.accepted) / (touches * acceptedPerTouch)),
    touches,
    speed: Number(values.speed),
    workers: Number(values.workers),
    faultEveryMs: Number(values['fault-every-ms'] ?? form.everyMs),
    faultEveryMessages: everyMessages === undefined ? null : Number(everyMessages),
    time: null,
    stoppedMs: 0,
    counts: { kills: 0, freezes: 0, db_crashes: 0, backend_kills: 0, workers_died: 0 },
    reached: {},
    seconds: 0,
  };
}

async function main(): Promise<number> {
  const folder = values.folder ?? mkdtempSync(join(temporaryFolder(), 'touchline-crash-'));
  mkdirSync(folder, { recursive: true });
  const stop = new AbortController();
  // A terminal's Ctrl-C comes more than once: by itself and from the program that runs this one.
  process.on('SIGINT', () => {
    if (!stop.signal.aborted) say('Stopping: what is under way comes to its end first.');
    stop.abort();
  });
  const state = stateOf(folder);
  const replay = values.replay === undefined ? undefined : readFileSync(values.replay, 'utf8');
  const save = (): void => writeFileSync(join(folder, 'state.json'), JSON.stringify(state));
  const result = await runCampaign(folder, state, { signal: stop.signal, replay, say, save });
  if (!('verdict' in result)) {
    say(`Left in ${folder}; the same command with --folder ${folder} goes on.`);
    return 1;
  }
  const { broken, ...verdict } = result.verdict;
  const { counts, reached, seconds, seed, speed } = result.state;
  const missed = verdict.accepted < enoughForAllPoints ? [] : result.missing.map((name) => `not reached: ${name}`);
  for (const line of [...broken, ...missed]) say(line);
  const points = { points_reached: Object.keys(reached).length, points_missing: result.missing.length };
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  const document = { ...verdict, ...counts, ...points, seed, speed, seconds, machine };
  console.log(values.json ? JSON.stringify(document) : document);
  const {
    duplicates,
    lost,
    after_opt_out: late,
    in_quiet_hours: quiet,
    unknown,
    invariant_violations: violated,
  } = verdict;
  const isWell = duplicates + lost + late + quiet + unknown + violated + counts.workers_died + missed.length === 0;
  if (!isWell) say(`Left in ${folder} to be looked into.`);
  else if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  return isWell ? 0 : 1;
}

process.exitCode = await main();
