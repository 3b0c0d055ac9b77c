// One rule has one home: each thing that must not be decided twice is written by the functions named here and by no other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withoutComments } from '../tidy/source-file.ts';

const folder = fileURLToPath(new URL('../../sql/functions/', import.meta.url));

const homes: readonly { rule: string; pattern: RegExp; functions: readonly string[] }[] = [
  {
    rule: 'the state of a touch',
    pattern: /\btouch_[1-4]_status = /,
    functions: ['set_touch_states', 'stop_enrollments'],
  },
  { rule: 'the end of an enrollment by a stop', pattern: /\bstatus = 'stopped'/, functions: ['stop_enrollments'] },
  {
    rule: 'quiet hours',
    pattern: /\btouchline\.sending_windows\b/,
    functions: ['open_moments', 'set_sending_windows', 'stays_open'],
  },
  // doubt_lane writes what a restored database has forgotten, as an intent that nobody may hand over.
  { rule: 'an intent', pattern: /insert into touchline\.send_logs\b/, functions: ['claim_lanes', 'doubt_lane'] },
  // A replay is a network call of its own.
  {
    rule: 'an attempt',
    pattern: /insert into touchline\.send_attempts\b/,
    functions: ['begin_replays', 'claim_lanes', 'doubt_lane'],
  },
  { rule: 'the end of messages', pattern: /delete from touchline\.send_logs\b/, functions: ['delete_messages'] },
  { rule: 'an enrollment', pattern: /insert into touchline\.campaign_enrollments\b/, functions: ['plan_enrollments'] },
  { rule: 'a place in the queue', pattern: /insert into touchline\.touch_queue\b/, functions: ['plan_enrollments'] },
  { rule: 'a suppression', pattern: /insert into touchline\.suppressions\b/, functions: ['suppress_address'] },
  {
    rule: 'evidence of consent',
    pattern: /insert into touchline\.consent_events\b/,
    // The rows of an import about which nothing is known and nothing is to be weighed; the rest goes through the first.
    functions: ['append_consent_event', 'import_new_rows'],
  },
  {
    rule: 'the pointer of a lane',
    pattern: /\bset next_due_at = /,
    functions: ['lower_pointers', 'set_next_turns', 'sweep_lanes'],
  },
];

describe('one rule has one home (defect 56)', () => {
  const files = readdirSync(folder).map((name) => ({
    name: name.replace(/\.sql$/, ''),
    text: withoutComments({ path: `sql/functions/${name}`, text: readFileSync(join(folder, name), 'utf8') }),
  }));

  it.each(homes)('$rule', ({ pattern, functions }) => {
    expect(files.filter(({ text }) => pattern.test(text)).map(({ name }) => name)).toEqual(functions);
  });
});
