// The fakes as processes of their own: what they accepted is on disk before they answer, and their faults repeat for a seed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { twilioSender } from '../../src/senders/twilio.ts';
import { readAcceptances } from '../support/fakes/acceptance-file.ts';
import { authToken, type CleanUp, cleanUpAll, logIn, newSms, ourNumber, sid } from './fakes.ts';

const cleanUp: CleanUp = [];
afterEach(() => cleanUpAll(cleanUp));

async function start(options: Record<string, unknown>): Promise<{ url: string; kill(): Promise<void> }> {
  const program = new URL('../support/fakes/program.ts', import.meta.url).pathname;
  const args = ['--import', 'tsx', program, 'twilio', JSON.stringify({ sid, authToken, ...options })];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  cleanUp.push(kill);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url: (JSON.parse(line) as { url: string }).url, kill };
}

test('what a killed fake accepted is in its log, and no more; the same seed brings the same faults', async () => {
  const kinds: string[][] = [];
  for (const _ of [1, 2]) {
    const log = await logIn(cleanUp);
    const faults = { seed: 7, rates: { accept_then_drop: 0.2, drop: 0.2, error: 0.2, rate_limited: 0.1 } };
    const { url, kill } = await start({ log, faults });
    const sender = twilioSender({ sid, authToken, from: ourNumber, url });
    cleanUp.push(() => sender.close());
    const outcomes: string[] = [];
    let accepted = 0;
    for (let count = 0; count < 30; count += 1) {
      const { kind } = await sender.send(newSms(), new AbortController().signal);
      outcomes.push(kind);
      if (kind === 'accepted') accepted += 1;
    }
    await kill();
    const lines = await readAcceptances(log);
    expect(accepted).toBeGreaterThan(0);
    expect(lines.length).toBeGreaterThan(accepted);
    expect(lines.length).toBeLessThan(30);
    kinds.push(outcomes);
  }
  expect(kinds[0]).toEqual(kinds[1]);
  expect(new Set(kinds[0])).toEqual(new Set(['accepted', 'ambiguous', 'rate_limited']));
});
