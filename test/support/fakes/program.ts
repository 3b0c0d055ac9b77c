// A fake provider as a process of its own: node --import tsx test/support/fakes/program.ts resend '{"log": "accepted.jsonl"}'. The first line of its
// output is {"url": …}; it ends when its input does. With "faults" it misbehaves by itself: a seed, and for each named fault how
// often, from 0 to 1.
import { type Fault, faultsAfter, faultsBefore } from './fake-server.ts';
import { FakeResend, type FakeResendOptions } from './resend.ts';
import { FakeTwilio, type FakeTwilioOptions } from './twilio.ts';

interface Faults {
  seed: number;
  rates: Readonly<Record<string, number>>;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function chooser({ seed, rates }: Faults): () => Fault | undefined {
  const random = randomOf(seed);
  const names = [...faultsBefore, ...faultsAfter];
  const wrong = Object.keys(rates).find((name) => !names.some((known) => known === name));
  if (wrong !== undefined) throw new Error(`There is no fault ${wrong}. There are: ${names.join(', ')}.`);
  return () => {
    let rest = random();
    return names.find((name) => {
      rest -= rates[name] ?? 0;
      return rest < 0;
    });
  };
}

const [kind, text = '{}'] = process.argv.slice(2);
const { faults, ...options } = JSON.parse(text) as (FakeResendOptions | FakeTwilioOptions) & { faults?: Faults };
const settings = { ...options, ...(faults === undefined ? {} : { chooseFault: chooser(faults) }) };
const fake =
  kind === 'twilio'
    ? await FakeTwilio.start(settings as FakeTwilioOptions)
    : await FakeResend.start(settings as FakeResendOptions);
process.stdout.write(`${JSON.stringify({ url: fake.url })}\n`);
process.stdin.resume().once('end', () => void fake.close().then(() => process.exit(0)));
