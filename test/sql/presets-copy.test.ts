// Presets are used by copying them: campaign, touches and texts at once, for any service type, as often as one likes.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, newBusiness, operator, worker } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

const systemBusiness = '00000000-0000-0000-0000-000000000000';
const presets = ['gentle', 'standard', 'assertive'] as const;
const serviceTypes = ['hvac', 'plumbing', 'electrical', 'cleaning', 'roofing', 'painting', 'handyman', 'other', null];

interface Touch extends pg.QueryResultRow {
  touch_number: number;
  channel: string;
  delay_hours: number;
  hours_after_completion: number;
  text_business: string;
  text_id: string;
  name: string;
  service_type: string | null;
  purpose: string;
  subject: string | null;
  body: string;
}

let database: TestDatabase;
let business: string;
let owner: Caller;

beforeAll(async () => {
  database = await testDatabase('presets_copy');
  ({ id: business, owner } = await newBusiness(database));
});
afterAll(() => database.drop());

/** Touches with their texts, as the editor shows them. */
async function touchesOf(of: string, campaign: string): Promise<Touch[]> {
  return owner.rows<Touch>(
    `select t.touch_number, t.channel, t.delay_hours, sum(t.delay_hours) over (order by t.touch_number)::int as hours_after_completion,
       m.business_id as text_business, m.id as text_id, m.name, m.service_type, m.purpose, m.subject, m.body
     from touchline.campaign_touches t
     join touchline.message_templates m on (m.business_id, m.id) = (t.business_id, t.template_id)
     where (t.business_id, t.campaign_id, t.version) = ($1, $2, 1) order by t.touch_number`,
    of,
    campaign,
  );
}

async function presetTouches(key: string): Promise<Touch[]> {
  const [preset] = await owner.rows('select id from touchline.campaigns where preset_key = $1', key);
  return touchesOf(systemBusiness, preset?.id);
}

async function firstText(channel: string, serviceType: string): Promise<{ subject: string | null; body: string }> {
  const rows = await owner.rows<{ subject: string | null; body: string }>(
    `select subject, body from touchline.message_templates
     where (business_id, channel, service_type, purpose) = ($1, $2, $3, 'first')`,
    systemBusiness,
    channel,
    serviceType,
  );
  return rows[0] ?? expect.fail(`no first ${channel} for ${serviceType}`);
}

async function counts(): Promise<unknown> {
  const { rows } = await database.query(
    `select (select count(*)::int from touchline.campaigns where business_id = $1) as campaigns,
       (select count(*)::int from touchline.message_templates where business_id = $1) as templates`,
    [business],
  );
  return rows[0];
}

const text = ({ channel, delay_hours, purpose, subject, body }: Touch): unknown[] => [
  channel,
  delay_hours,
  purpose,
  subject,
  body,
];

describe.each(presets)('the preset %s', (key) => {
  it.each(serviceTypes)(
    'defect 31: copied for %s sends when the preset says, whatever the service type',
    async (type) => {
      const copy = await owner.call<string>('copy_preset', business, key, type);
      const [original, made] = [await presetTouches(key), await touchesOf(business, copy)];
      const hours = ({ channel, delay_hours, hours_after_completion }: Touch): unknown[] => [
        channel,
        delay_hours,
        hours_after_completion,
      ];
      expect(made.map(hours)).toEqual(original.map(hours));
      expect(made.length).toBeGreaterThan(1);
    },
  );

  it.each(serviceTypes)(
    'copied for %s has its own copies of the texts; the first message is for that type',
    async (type) => {
      const copy = await owner.call<string>('copy_preset', business, key, type);
      const [original, made] = [await presetTouches(key), await touchesOf(business, copy)];
      const expected = await Promise.all(
        original.map(async (touch) =>
          touch.purpose === 'first' ? { ...touch, ...(await firstText(touch.channel, type ?? 'other')) } : touch,
        ),
      );
      expect(made.map(text)).toEqual(expected.map(text));
      expect(new Set(made.map(({ body }) => body)).size).toBe(made.length);
      for (const touch of made) {
        expect(touch.text_business).toBe(business);
        expect(touch.service_type).toBe(touch.purpose === 'first' ? type : null);
      }
    },
  );
});

describe('a copy of a preset', () => {
  it('is a draft that knows where it came from', async () => {
    const copy = await owner.call<string>('copy_preset', business, 'standard', 'hvac', 'After the visit');
    const [campaign] = await owner.rows('select * from touchline.campaigns where id = $1', copy);
    const [preset] = await owner.rows(`select description from touchline.campaigns where preset_key = 'standard'`);
    expect(campaign).toMatchObject({
      business_id: business,
      name: 'After the visit',
      description: preset?.description,
      service_type: 'hvac',
      status: 'draft',
      is_preset: false,
      preset_key: null,
      copied_from_preset: 'standard',
    });
  });

  it('made twice has names of its own', async () => {
    const fresh = await newBusiness(database);
    for (let round = 0; round < 3; round += 1) await fresh.owner.call('copy_preset', fresh.id, 'gentle', 'roofing');
    const names = async (table: string): Promise<unknown[]> => {
      const sql = `select name from touchline.${table} where business_id = $1 order by name collate "C"`;
      return (await fresh.owner.rows(sql, fresh.id)).map(({ name }) => name);
    };
    expect(await names('campaigns')).toEqual(['Gentle', 'Gentle 2', 'Gentle 3']);
    expect(await names('message_templates')).toEqual([
      'First message, roofing (email)',
      'First message, roofing (email) 2',
      'First message, roofing (email) 3',
      'Last note (email)',
      'Last note (email) 2',
      'Last note (email) 3',
    ]);
  });

  it('is changed without changing the preset or another copy', async () => {
    const [mine, other] = [
      await owner.call<string>('copy_preset', business, 'gentle'),
      await owner.call<string>('copy_preset', business, 'gentle'),
    ];
    const before = [await presetTouches('gentle'), await touchesOf(business, other)];
    const [first] = await touchesOf(business, mine);
    await owner.call('save_template', business, first?.text_id, { body: 'Ours' });
    await owner.call('edit_campaign', business, mine, [
      { channel: 'email', delay_hours: 1, template_id: first?.text_id },
    ]);
    expect([await presetTouches('gentle'), await touchesOf(business, other)]).toEqual(before);
    expect((await touchesOf(business, mine)).map(({ delay_hours, body }) => [delay_hours, body])).toEqual([
      [1, 'Ours'],
    ]);
  });

  it.each([
    ['for a service type that is none', ['standard', 'gardening'], 'TL402', 'service_type cannot be "gardening"'],
    ['with a name that is none', ['standard', null, ''], 'TL402', 'name cannot be ""'],
    ['of a preset that is none', ['gentler'], 'TL201', 'There is no such preset'],
    ['of no preset', [null], 'TL201', 'There is no such preset'],
  ])('%s is not made, and nothing of it is left', async (_, args, code, message) => {
    const before = await counts();
    expect(await owner.refusal('copy_preset', business, ...args)).toMatchObject({ code, message });
    expect(await counts()).toEqual(before);
  });

  it('of an unknown preset is answered with those there are', async () => {
    const { hint } = await owner.refusal('copy_preset', business, 'gentler');
    expect(hint).toBe('Presets: assertive, gentle, standard.');
  });
});

describe('a preset itself', () => {
  it('is written by nobody: to a tenant it is no campaign, to the operator the system business is no business', async () => {
    const [preset] = await owner.rows(`select id from touchline.campaigns where preset_key = 'standard'`);
    const [own] = await presetTouches('standard');
    const campaign = preset?.id;
    const before = await presetTouches('standard');
    const touches = [{ channel: 'sms', delay_hours: 1, template_id: null }];
    const tried: [string, unknown[]][] = [
      ['edit_campaign', [campaign, touches]],
      ['copy_campaign', [campaign, 'Mine']],
      ['save_template', [own?.text_id, { body: 'Mine' }]],
      ['delete_template', [own?.text_id]],
    ];
    for (const [name, [id, ...args]] of tried) {
      const refusal = await owner.refusal(name, business, id, ...args);
      expect(refusal, name).toMatchObject({ code: 'TL201' });
      expect(await owner.refusal(name, business, randomUUID(), ...args), name).toEqual(refusal);
      for (const caller of [operator(database), worker(database), owner]) {
        expect(await caller.refusal(name, systemBusiness, id, ...args), name).toMatchObject({ code: 'TL201' });
      }
    }
    expect(await presetTouches('standard')).toEqual(before);
  });

  it('lends its texts to nobody: a touch of a tenant refers to a copy', async () => {
    const [own] = await presetTouches('standard');
    const touches = [{ channel: 'email', delay_hours: 1, template_id: own?.text_id }];
    const refusal = await owner.refusal('create_campaign', business, 'Mine', null, null, touches);
    expect(refusal).toMatchObject({ code: 'TL201', message: 'Touch 1: There is no such template' });
    expect(refusal.hint).toContain('texts of presets are copied with their preset');
  });
});
