// The presets as a migrated database holds them, and what an upgrade does to them.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smsSegments } from '../../src/domain/segments.ts';
import { checkTemplate, type TemplateDraft } from '../../src/domain/template/check.ts';
import { renderTemplate } from '../../src/domain/template/render.ts';
import { serviceTypeWords, type TemplateValues, templateVariables } from '../../src/domain/template/variables.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

interface TemplateRow {
  id: string;
  name: string;
  channel: 'email' | 'sms';
  service_type: string | null;
  purpose: NonNullable<TemplateDraft['purpose']>;
  subject: string | null;
  body: string;
}

interface TouchRow extends TemplateRow {
  preset_key: string;
  touch_number: number;
  delay_hours: number;
  pinned_subject: string | null;
  pinned_body: string;
}

const presetsSql = readFileSync(new URL('../../sql/data/presets.sql', import.meta.url), 'utf8');
const system = '00000000-0000-0000-0000-000000000000';
const full: TemplateValues = Object.fromEntries(templateVariables.map(({ name, example }) => [name, example]));
const bare: TemplateValues = {
  ...full,
  first_name: '',
  last_name: '',
  sender_name: '',
  business_phone: '',
  job_title: '',
};

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase('presets');
});
afterAll(async () => {
  await database.drop();
});

async function templates(): Promise<TemplateRow[]> {
  const { rows } = await database.query<TemplateRow>(
    'select * from touchline.message_templates where business_id = $1 order by id',
    [system],
  );
  return rows;
}

async function touches(): Promise<TouchRow[]> {
  const { rows } = await database.query<TouchRow>(
    `select m.*, c.preset_key, t.touch_number, t.channel, t.delay_hours,
       w.subject as pinned_subject, w.body as pinned_body
     from touchline.campaigns c
     join touchline.campaign_touches t
       on (t.business_id, t.campaign_id, t.version) = (c.business_id, c.id, c.live_version)
     join touchline.message_templates m on (m.business_id, m.id) = (t.business_id, t.template_id)
     join touchline.template_versions w on (w.business_id, w.id) = (t.business_id, t.template_version_id)
     where c.business_id = $1 and c.is_preset
     order by c.preset_key, t.touch_number`,
    [system],
  );
  return rows;
}

function rendered(template: Pick<TemplateRow, 'subject' | 'body'>, values: TemplateValues): string {
  return [template.subject ?? '', template.body]
    .map((text) => renderTemplate(text, values, { escape: 'none' }))
    .join('\n');
}

describe('the texts (defect 86)', () => {
  test('are a first message for each service type and channel, a reminder and a last note for each channel', async () => {
    const first = [...serviceTypeWords.keys()].map((service) => `${service} first`);
    const expected = [...first, 'null reminder', 'null last_note'];
    const rows = await templates();
    for (const channel of ['email', 'sms']) {
      const found = rows.filter((row) => row.channel === channel).map((row) => `${row.service_type} ${row.purpose}`);
      expect(found).toEqual(expected);
    }
    expect(rows).toHaveLength(20);
  });

  test('pass our own check without even a warning', async () => {
    for (const { name, channel, subject, body, purpose } of await templates()) {
      expect({ name, ...checkTemplate({ channel, subject, body, purpose }) }).toEqual({ name, ok: true, problems: [] });
      // Whatever a text is used for: in a business's own campaign any of them may come first.
      expect({ name, ...checkTemplate({ channel, subject, body, purpose: 'first' }) }).toMatchObject({ ok: true });
    }
  });

  test('have exactly one link, the review link, for everybody', async () => {
    for (const row of await templates()) {
      for (const values of [full, bare]) {
        expect({ name: row.name, links: rendered(row, values).match(/https?:\S+/g) }).toEqual({
          name: row.name,
          links: [full.review_link],
        });
      }
    }
  });

  test('are typed plainly: ASCII, no shouting, no emoji', async () => {
    for (const { name, subject, body } of await templates()) {
      expect(`${subject} ${body}`, name).toMatch(/^[\x20-\x7e\n]+$/);
      expect(`${subject} ${body}`, name).not.toMatch(/!!| {2}|[ \t]\n/);
    }
  });

  test('as SMS take two segments at most with long names and links', async () => {
    for (const row of (await templates()).filter(({ channel }) => channel === 'sms')) {
      const { encoding, segments } = smsSegments(renderTemplate(row.body, full, { escape: 'none' }));
      expect({ name: row.name, encoding, short: segments <= 2 }).toEqual({
        name: row.name,
        encoding: 'GSM-7',
        short: true,
      });
    }
  });

  test('read well when only the business and the link are known', async () => {
    for (const row of await templates()) {
      const text = rendered(row, bare);
      expect(text, row.name).toContain('Hello,');
      expect(text, row.name).not.toMatch(/ ,|^,|\n{3}| {2}|,,/m);
    }
  });

  test('are all different', async () => {
    const texts = (await templates()).map((row) => rendered(row, full));
    expect(new Set(texts).size).toBe(texts.length);
  });
});

describe('the presets', () => {
  test('are three, with the channels and delays they promise', async () => {
    const rows = await touches();
    expect(rows.map((t) => `${t.preset_key} ${t.touch_number}: ${t.channel} +${t.delay_hours} h`)).toEqual([
      'assertive 1: sms +4 h',
      'assertive 2: email +24 h',
      'assertive 3: sms +72 h',
      'assertive 4: email +168 h',
      'gentle 1: email +24 h',
      'gentle 2: email +72 h',
      'standard 1: email +24 h',
      'standard 2: sms +72 h',
      'standard 3: email +168 h',
    ]);
  });

  test('send the text that their templates have now', async () => {
    for (const touch of await touches()) {
      expect([touch.pinned_subject, touch.pinned_body]).toEqual([touch.subject, touch.body]);
    }
  });

  test('never send one text twice, for any service type, and end with the last note', async () => {
    const all = await templates();
    const rows = await touches();
    for (const service of serviceTypeWords.keys()) {
      for (const key of new Set(rows.map(({ preset_key }) => preset_key))) {
        const sent = rows
          .filter(({ preset_key }) => preset_key === key)
          .map((touch) =>
            touch.purpose === 'first'
              ? all.find((t) => t.purpose === 'first' && t.channel === touch.channel && t.service_type === service)
              : touch,
          );
        const bodies = sent.map((text) => renderTemplate(text?.body ?? '', full, { escape: 'none' }));
        expect(new Set(bodies).size, `${key} for ${service}`).toBe(bodies.length);
        expect(bodies).not.toContain('');
        expect(sent.at(-1)?.purpose).toBe('last_note');
      }
    }
  });

  test('are live in their first version, and leave no draft behind', async () => {
    const { rows } = await database.query(
      `select c.preset_key, c.status, c.live_version, v.number, v.state
       from touchline.campaigns c
       join touchline.campaign_versions v on (v.business_id, v.campaign_id) = (c.business_id, c.id)
       where c.business_id = $1 order by c.preset_key`,
      [system],
    );
    expect(rows).toEqual(
      ['assertive', 'gentle', 'standard'].map((preset_key) => ({
        preset_key,
        status: 'active',
        live_version: 1,
        number: 1,
        state: 'live',
      })),
    );
  });
});

describe('an upgrade', () => {
  async function everything(): Promise<unknown> {
    const { rows } = await database.query(
      `select (select jsonb_agg(to_jsonb(t) order by t.id) from touchline.message_templates t where business_id = $1) as templates,
         (select jsonb_agg(to_jsonb(v) order by v.id) from touchline.template_versions v where business_id = $1) as versions,
         (select jsonb_agg(to_jsonb(c) order by c.id) from touchline.campaigns c where business_id = $1) as campaigns,
         (select jsonb_agg(to_jsonb(v) order by v.campaign_id, v.number) from touchline.campaign_versions v where business_id = $1)
           as campaign_versions,
         (select jsonb_agg(to_jsonb(t) order by t.id) from touchline.campaign_touches t where business_id = $1) as touches`,
      [system],
    );
    return rows[0];
  }

  async function statesOf(presetKey: string): Promise<string[]> {
    const { rows } = await database.query<{ state: string }>(
      `select v.number || ' ' || v.state as state
       from touchline.campaigns c
       join touchline.campaign_versions v on (v.business_id, v.campaign_id) = (c.business_id, c.id)
       where c.preset_key = $1 order by v.number`,
      [presetKey],
    );
    return rows.map(({ state }) => state);
  }

  test('that changes nothing changes nothing, however often', async () => {
    const before = await everything();
    await database.query(presetsSql);
    await database.query(presetsSql);
    expect(await everything()).toEqual(before);
  });

  test('with a new wording of the SMS reminder makes new versions of the two presets that send it', async () => {
    const wording = 'When you have a minute, a few honest words';
    const upgraded = presetsSql.replace(wording, 'When you find a minute, a few honest words');
    expect(upgraded).not.toBe(presetsSql);
    const before = await touches();
    await database.query(upgraded);
    expect(await statesOf('gentle')).toEqual(['1 live']);
    expect(await statesOf('standard')).toEqual(['1 retired', '2 live']);
    expect(await statesOf('assertive')).toEqual(['1 retired', '2 live']);
    const after = await touches();
    expect(after.map((t) => t.pinned_body.includes('find a minute'))).toEqual(
      before.map((t) => t.channel === 'sms' && t.purpose === 'reminder'),
    );
    const changed = await everything();
    await database.query(upgraded);
    expect(await everything()).toEqual(changed);
  });

  test('with another delay publishes that preset only, and keeps what was published before as it was', async () => {
    const upgraded = presetsSql.replace("('gentle', 2, 'email', 72,", "('gentle', 2, 'email', 96,");
    await database.query(upgraded);
    expect(await statesOf('gentle')).toEqual(['1 retired', '2 live']);
    const { rows } = await database.query<{ delays: number[] }>(
      `select array_agg(t.delay_hours order by t.touch_number) as delays
       from touchline.campaigns c
       join touchline.campaign_touches t on (t.business_id, t.campaign_id) = (c.business_id, c.id)
       where c.preset_key = 'gentle' group by t.version order by t.version`,
    );
    expect(rows.map(({ delays }) => delays)).toEqual([
      [24, 72],
      [24, 96],
    ]);
  });

  test('leaves texts alone that a business wrote or copied', async () => {
    const { rows } = await database.query<{ id: string }>(
      `insert into touchline.businesses (user_id, name, time_zone) values (gen_random_uuid(), 'Acme', 'America/New_York') returning id`,
    );
    const business = rows[0]?.id;
    await database.query(
      `insert into touchline.message_templates (business_id, id, name, channel, body)
       select $1, id, name, channel, 'Our own words' from touchline.message_templates where business_id = $2 and channel = 'sms'`,
      [business, system],
    );
    await database.query(presetsSql);
    const own = await database.query('select distinct body from touchline.message_templates where business_id = $1', [
      business,
    ]);
    expect(own.rows).toEqual([{ body: 'Our own words' }]);
  });
});
