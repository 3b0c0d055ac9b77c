// Metrics of running programs: what a worker does is counted, and how the queue stands is told by any process, also when every
// worker is dead.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { enroll, hour, liveCampaign, newSite, type Site } from '../support/engine-world.ts';
import { document, type Failure, programOn, type Ran } from './run.ts';

let database: TestDatabase;
let site: Site;
const running: (() => Promise<Ran>)[] = [];

beforeEach(async () => {
  database = await testDatabase({ name: 'cli_metrics', virtualClock: true });
  site = await newSite(database, { name: 'Brightwater Plumbing' });
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
  await database.drop();
});

/** Starts a command in this process and waits until it says where it is. */
async function begin(args: string[], pattern: RegExp, env: Record<string, string> = {}): Promise<string> {
  const stop = new AbortController();
  let tell: (url: string) => void = () => undefined;
  const said = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const hear = (text: string): void => {
    const [, url] = pattern.exec(text) ?? [];
    if (url !== undefined) tell(url);
  };
  const ended = programOn(database.url).run(args, { env: { PORT: '0', ...env }, stop: stop.signal, hear });
  running.push(() => {
    stop.abort();
    return ended;
  });
  const first = await Promise.race([said, ended]);
  if (typeof first !== 'string') throw new Error(`${args.join(' ')} ended with ${first.code}: ${first.err}`);
  return first;
}

const work = (): Promise<string> =>
  begin(['work', '--sender', 'memory', '--metrics-port', '0'], /^Metrics: (http:\S+)$/m);
const serve = async (): Promise<string> => `${await begin(['serve', '--no-demo'], /running at (http:\S+)/)}/metrics`;

/** Values by metric and labels, as written. */
async function told(url: string): Promise<Map<string, number>> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}

/** So many touches whose plan was a minute ago. */
async function due(count: number): Promise<void> {
  const campaign = await liveCampaign(site, [{ channel: 'email', delay_hours: 24 }]);
  const at = new Date(Date.now() - 24 * hour - 60_000);
  for (let index = 0; index < count; index += 1) await enroll(site, campaign, { at });
}

describe('a worker', () => {
  test('counts what it claims, hands over and settles, and how long that took', async () => {
    await due(3);
    const url = await work();
    const accepted = 'touchline_attempts_total{sender="server_default",channel="email",outcome="accepted"}';
    await expect
      .poll(async () => (await told(url)).get('touchline_settle_latency_seconds_count'), { timeout: 20_000 })
      .toBe(3);
    const values = await told(url);
    expect(values.get(accepted)).toBe(3);
    expect(values.get('touchline_claimed_touches_total{channel="email"}')).toBe(3);
    expect(values.get('touchline_claims_total{result="touches"}')).toBeGreaterThanOrEqual(1);
    expect(values.get('touchline_claim_latency_seconds_count')).toBeGreaterThanOrEqual(1);
    expect([values.get('touchline_worker_slots'), values.get('touchline_worker_slots_used')]).toEqual([25, 0]);
    expect(values.get('touchline_failed_settles_total')).toBe(0);
    for (const pool of ['main', 'worker', 'sends', 'metrics']) {
      for (const name of ['connections', 'idle_connections', 'waiting']) {
        expect(values.has(`touchline_pool_${name}{pool="${pool}"}`), `${name} of ${pool}`).toBe(true);
      }
    }
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(0);
  });

  test('shows none unless it is asked to, and says why it cannot', async () => {
    const failed = await programOn(database.url).run(['work', '--metrics-port', 'many', '--json']);
    expect(failed.code).toBe(2);
    const busy = new URL(await serve()).port;
    const ran = await programOn(database.url).run(['work', '--sender', 'memory', '--metrics-port', busy, '--json']);
    expect(ran.code).toBe(1);
    expect(document<Failure>(ran).error).toMatchObject({
      code: 'cannot_listen',
      what: `Metrics cannot be shown on port ${busy} of 127.0.0.1.`,
    });
  });
});

describe('a server without any worker', () => {
  test('tells that something is due and nobody claims, and whose it is', async () => {
    await due(2);
    await database.query("update touchline.touch_queue set due_at = now() - interval '10 minutes'");
    const values = await told(await serve());
    expect(values.get('touchline_database_up')).toBe(1);
    expect(values.get('touchline_due_unclaimed_seconds')).toBeGreaterThanOrEqual(600);
    expect(values.get('touchline_queue_lag_seconds')).toBeGreaterThanOrEqual(600);
    expect(values.get(`touchline_backlog_touches{business="${site.id}"}`)).toBe(2);
    expect(values.get('touchline_backlog_touches{business="other"}')).toBe(0);
    expect(values.get('touchline_safe_mode')).toBe(0);
    expect(values.get('touchline_worker_slots')).toBe(0);
  });

  test('shows nobody’s name, address or words', async () => {
    await due(1);
    const text = await (await fetch(await serve())).text();
    expect(text).toContain(site.id);
    expect(text).not.toMatch(/Brightwater|Ann|@|example\.test|Hudson|\+1212/);
  });

  test('whose database went away says so, and nothing that may have been true before', async () => {
    const url = await serve();
    expect((await told(url)).get('touchline_queue_lag_seconds')).toBe(0);
    await database.drop();
    await expect.poll(async () => (await told(url)).get('touchline_database_up'), { timeout: 20_000 }).toBe(0);
    const values = await told(url);
    const left = [...values.keys()].filter((key) =>
      /^touchline_(?:safe_mode|queue|due|blocked|backlog|unproved|paused)/.test(key),
    );
    expect(left).toEqual([]);
    expect(values.has('touchline_build_info{version="0.1.0"}')).toBe(true);
  }, 40_000);
});
