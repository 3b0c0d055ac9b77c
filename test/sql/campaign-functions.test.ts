// A campaign is written, edited beside what is live, copied, and loses no text behind anybody's back.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind, type Caller, callOf, newBusiness } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { makeLive } from '../support/live-campaign.ts';

interface Touch {
  channel: string;
  delay_hours: number;
  template_id: string | null;
}

let database: TestDatabase;
let business: string;
let owner: Caller;
let email: string;
let sms: string;

beforeAll(async () => {
  database = await testDatabase('campaign_functions');
});
afterAll(() => database.drop());

beforeEach(async () => {
  ({ id: business, owner } = await newBusiness(database));
  email = await save('Thanks', 'email');
  sms = await save('Reminder', 'sms');
});

function save(name: string, channel: 'email' | 'sms', template: string | null = null): Promise<string> {
  const subject = channel === 'email' ? { subject: 'Hello' } : {};
  return owner.call<string>('save_template', business, template, { name, channel, body: `${name}.`, ...subject });
}

const touch = (channel: string, delayHours: unknown, templateId: unknown): Record<string, unknown> => ({
  channel,
  delay_hours: delayHours,
  template_id: templateId,
});

function plan(): Record<string, unknown>[] {
  return [touch('email', 24, email), touch('sms', 72, sms)];
}

function create(name: string, serviceType: string | null = null, touches: unknown = plan()): Promise<string> {
  return owner.call<string>('create_campaign', business, name, serviceType, 'What it is for', touches);
}

async function touches(campaign: string, version: number): Promise<Touch[]> {
  return owner.rows<Touch & pg.QueryResultRow>(
    `select channel, delay_hours, template_id from touchline.campaign_touches
     where (business_id, campaign_id, version) = ($1, $2, $3) order by touch_number`,
    business,
    campaign,
    version,
  );
}

async function campaign(id: string): Promise<Record<string, unknown>> {
  const rows = await owner.rows('select * from touchline.campaigns where (business_id, id) = ($1, $2)', business, id);
  return rows[0] ?? {};
}

describe('a new campaign', () => {
  it('is a draft with its touches in the order they were given', async () => {
    const id = await create('Follow-up', 'hvac');
    expect(await campaign(id)).toMatchObject({
      name: 'Follow-up',
      service_type: 'hvac',
      description: 'What it is for',
      status: 'draft',
      live_version: null,
      is_preset: false,
    });
    expect(await touches(id, 1)).toEqual(plan());
    expect(await touches(id, 2)).toEqual([]);
  });

  it.each([
    ['no touches', () => [], 'A campaign has one to four touches', 'Given: 0 touches. Nothing was changed.'],
    ['five touches', () => Array(5).fill(touch('email', 1, null)), 'A campaign has one to four touches', /5 touches/],
    ['no list', () => ({ channel: 'email' }), 'A campaign has one to four touches', /no JSON array/],
    ['nothing', () => null, 'A campaign has one to four touches', /no JSON array/],
    ['a channel we do not have', () => [touch('fax', 1, null)], 'Touch 1: channel cannot be "fax"', /email or sms/],
    ['a touch without a delay', () => [...plan(), { channel: 'sms' }], 'Touch 3: delay_hours is missing', /1 to 8760/],
    ['no delay', () => [touch('sms', 0, null)], 'Touch 1: delay_hours cannot be 0', /1 to 8760/],
    ['half an hour', () => [touch('sms', 0.5, null)], 'Touch 1: delay_hours cannot be 0.5', /whole hours/],
    ['a malformed id', () => [touch('sms', 1, 'x')], 'Touch 1: template_id cannot be "x"', /id of a template/],
    ['a wrong key', () => [{ ...touch('sms', 1, null), body: 'x' }], 'Touch 1: There is no key "body"', /Nothing was/],
    ['text for a touch', () => ['email'], 'Touch 1: A JSON object is needed', /Given: string/],
  ])('with %s is refused in clear words, and nothing of it is kept', async (_, given, message, detail) => {
    const refusal = await owner.refusal('create_campaign', business, 'Bad', null, null, given());
    expect(refusal).toMatchObject({ code: 'TL402', message });
    expect(refusal.detail).toMatch(detail);
    expect(await owner.rows('select from touchline.campaigns where business_id = $1', business)).toEqual([]);
  });

  it('defect 33: takes a delay of a year and none of 245,000 years', async () => {
    const id = await create('Yearly', null, [touch('email', 8760, email)]);
    expect(await touches(id, 1)).toEqual([touch('email', 8760, email)]);
    for (const hours of [8761, 2_147_483_647, 2_147_483_648, '9e30']) {
      const refusal = await owner.refusal('create_campaign', business, 'For ever', null, null, [
        touch('email', hours, email),
      ]);
      expect(refusal).toMatchObject({
        code: 'TL402',
        message: `Touch 1: delay_hours cannot be ${JSON.stringify(hours)}`,
        detail: 'Allowed: whole hours from 1 to 8760 (a year). Nothing was changed.',
      });
    }
  });

  it.each([
    ['name', ['', null, null], '1 to 100 characters in one line'],
    ['name', ['a\nb', null, null], '1 to 100 characters in one line'],
    ['name', [null, null, null], '1 to 100 characters in one line'],
    ['service_type', ['X', 'gardening', null], 'hvac, plumbing'],
    ['description', ['X', null, 'x'.repeat(501)], 'at most 500 characters'],
  ])('with another %s than is allowed is refused: %j', async (key, args, allowed) => {
    const refusal = await owner.refusal('create_campaign', business, ...args, plan());
    expect(refusal).toMatchObject({ code: 'TL402', message: expect.stringContaining(`${key} cannot be `) });
    expect(refusal.detail).toContain(`Allowed: ${allowed}`);
  });

  it('sends each touch with a text of its channel, of its own business', async () => {
    const wrong = await owner.refusal('create_campaign', business, 'X', null, null, [touch('email', 1, sms)]);
    expect(wrong).toMatchObject({ code: 'TL401', message: 'Touch 1 is sent by email, its template is not' });
    const other = await newBusiness(database);
    const body = { name: 'Theirs', channel: 'sms', body: 'Theirs' };
    const foreign = await other.owner.call('save_template', other.id, null, body);
    const theirs = await owner.refusal('create_campaign', business, 'X', null, null, [touch('sms', 1, foreign)]);
    const nobodys = await owner.refusal('create_campaign', business, 'X', null, null, [touch('sms', 1, randomUUID())]);
    expect(theirs).toMatchObject({ code: 'TL201', message: 'Touch 1: There is no such template' });
    expect(nobodys).toEqual(theirs);
  });
});

describe('editing', () => {
  it('writes into the draft while nothing is live', async () => {
    const id = await create('Draft');
    const other = [touch('sms', 4, sms)];
    expect(await owner.call('edit_campaign', business, id, other)).toBe(1);
    expect(await touches(id, 1)).toEqual(other);
  });

  it('makes a draft beside the live version, with its touches, and leaves what is live alone', async () => {
    const id = await create('Live');
    await makeLive(database, id);
    expect(await owner.call('edit_campaign', business, id)).toBe(2);
    expect(await touches(id, 2)).toEqual(plan());
    const other = [touch('email', 48, email)];
    expect(await owner.call('edit_campaign', business, id, other)).toBe(2);
    expect(await owner.call('edit_campaign', business, id)).toBe(2);
    expect(await touches(id, 2)).toEqual(other);
    expect(await touches(id, 1)).toEqual(plan());
    expect(await campaign(id)).toMatchObject({ status: 'active', live_version: 1 });
    await makeLive(database, id);
    expect(await owner.call('edit_campaign', business, id)).toBe(3);
    expect(await touches(id, 3)).toEqual(other);
  });

  it('keeps the draft as it was when one of the new touches is wrong', async () => {
    const id = await create('Live');
    const refusal = await owner.refusal('edit_campaign', business, id, [touch('sms', 1, sms), touch('sms', 9999, sms)]);
    expect(refusal).toMatchObject({ code: 'TL402', message: 'Touch 2: delay_hours cannot be 9999' });
    expect(await touches(id, 1)).toEqual(plan());
  });

  it('ends when the campaign is archived', async () => {
    const id = await create('Old');
    await makeLive(database, id, 'archived');
    expect(await owner.refusal('edit_campaign', business, id)).toMatchObject({
      code: 'TL302',
      message: 'Campaign "Old" is archived',
    });
    expect(await owner.call('copy_campaign', business, id, 'New')).toMatch(/-7/);
  });

  it('by two people at once makes one draft', async () => {
    const id = await create('Live');
    await makeLive(database, id);
    await database.asRole('service_role', null, async (first) => {
      await first.query(callOf('edit_campaign', [business, id]));
      const second = owner.call('edit_campaign', business, id, [touch('sms', 4, sms)]);
      await blockedBehind(database, first);
      await first.query('commit');
      expect(await second).toBe(2);
    });
    expect(await touches(id, 2)).toEqual([touch('sms', 4, sms)]);
  });
});

describe('a copy', () => {
  const kept = ['service_type', 'description', 'copied_from_preset', 'is_preset', 'preset_key'];
  const only = (row: Record<string, unknown>): unknown[] => kept.map((column) => row[column]);

  it('defect 42: of an active campaign for a service type works, and is equal but for name and state', async () => {
    const id = await owner.call<string>('copy_preset', business, 'standard', 'plumbing');
    await makeLive(database, id);
    const copy = await owner.call<string>('copy_campaign', business, id, 'Second');
    const [original, made] = [await campaign(id), await campaign(copy)];
    expect(only(made)).toEqual(only(original));
    expect(made).toMatchObject({ name: 'Second', status: 'draft', live_version: null, service_type: 'plumbing' });
    expect(await touches(copy, 1)).toEqual(await touches(id, 1));
    expect(await touches(copy, 1)).toHaveLength(3);
    expect(original).toMatchObject({ status: 'active', live_version: 1 });
  });

  it('is of what is live, and of the draft where nothing is', async () => {
    const id = await create('Live', 'hvac');
    const draft = await owner.call<string>('copy_campaign', business, id, null);
    expect(await touches(draft, 1)).toEqual(plan());
    await makeLive(database, id);
    await owner.call('edit_campaign', business, id, [touch('sms', 4, sms)]);
    const copy = await owner.call<string>('copy_campaign', business, id, null);
    expect(await touches(copy, 1)).toEqual(plan());
    expect([(await campaign(draft)).name, (await campaign(copy)).name]).toEqual(['Live 2', 'Live 3']);
  });

  it('has a name that is allowed, or is not made', async () => {
    const id = await create('Live');
    const refusal = await owner.refusal('copy_campaign', business, id, ' ');
    expect(refusal).toMatchObject({ code: 'TL402', message: 'name cannot be " "' });
    const long = await create('x'.repeat(100));
    const copy = await owner.call<string>('copy_campaign', business, long, null);
    expect((await campaign(copy)).name).toBe(`${'x'.repeat(98)} 2`);
  });

  it('defect 41: a second default campaign is prepared as a draft, and is never active beside the first', async () => {
    const first = await create('Everything');
    await makeLive(database, first);
    const second = await owner.call<string>('copy_campaign', business, first, 'Everything else');
    expect(await campaign(second)).toMatchObject({ service_type: null, status: 'draft' });
    await expect(makeLive(database, second)).rejects.toMatchObject({ constraint: 'campaigns_one_per_service_type' });
    await makeLive(database, second, 'archived');
    const ofAType = await create('Plumbing', 'plumbing');
    await makeLive(database, ofAType);
    expect(await campaign(ofAType)).toMatchObject({ status: 'active' });
  });
});

describe('a template', () => {
  async function versions(template: string): Promise<string[]> {
    const rows = await owner.rows<{ body: string }>(
      'select body from touchline.template_versions where (business_id, template_id) = ($1, $2) order by number',
      business,
      template,
    );
    return rows.map(({ body }) => body);
  }

  it('keeps every text it had, and what was not told to change', async () => {
    await owner.call('save_template', business, email, { body: 'Thanks again.' });
    await owner.call('save_template', business, email, { purpose: 'first' });
    const [row] = await owner.rows('select * from touchline.message_templates where id = $1', email);
    expect(row).toMatchObject({
      name: 'Thanks',
      channel: 'email',
      subject: 'Hello',
      body: 'Thanks again.',
      purpose: 'first',
    });
    expect(await versions(email)).toEqual(['Thanks.', 'Thanks again.']);
  });

  it.each([
    [{ channel: 'sms', body: 'x' }, 'name is missing'],
    [{ name: 'X', channel: 'sms' }, 'body is missing'],
    [{ name: 'X', channel: 'email', body: 'x' }, 'subject is missing'],
    [{ name: 'X', channel: 'sms', body: 'x', subject: 'x' }, 'subject cannot be "x"'],
    [{ name: 'X', channel: 'email', body: 'x', subject: 'a\nb' }, 'subject cannot be "a\\nb"'],
    [{ name: 'X', channel: 'fax', body: 'x' }, 'channel cannot be "fax"'],
    [{ name: 'X', channel: 'sms', body: 'x', purpose: 'spam' }, 'purpose cannot be "spam"'],
    [{ name: 'X', channel: 'sms', body: 'x', service_type: 'x' }, 'service_type cannot be "x"'],
    [{ name: 'X', channel: 'sms', body: 'x', id: 'x' }, 'There is no key "id"'],
  ])('%j is refused: %s', async (template, message) => {
    const refusal = await owner.refusal('save_template', business, null, template);
    expect(refusal).toMatchObject({ code: 'TL402', message });
  });

  it('keeps its channel', async () => {
    const refusal = await owner.refusal('save_template', business, email, { channel: 'sms', subject: null });
    expect(refusal).toMatchObject({ code: 'TL401', message: 'A template keeps its channel' });
  });

  it('defect 48: in use by a running campaign is not deleted; the campaigns are named', async () => {
    await makeLive(database, await create('Everything'));
    await makeLive(database, await create('Heating', 'hvac', [touch('sms', 4, sms)]));
    expect(await owner.refusal('delete_template', business, sms)).toMatchObject({
      code: 'TL305',
      message: 'Template "Reminder" is in use',
      detail: 'Used by: Everything, Heating.',
    });
    expect(await versions(sms)).toEqual(['Reminder.']);
  });

  it('defect 48: that no running campaign sends is deleted; a draft shows the gap, and what was published keeps its text', async () => {
    const draft = await create('Draft');
    const old = await create('Old');
    await makeLive(database, old, 'archived');
    await owner.call('delete_template', business, sms);
    expect(await touches(draft, 1)).toEqual([touch('email', 24, email), touch('sms', 72, null)]);
    const pinned = await owner.rows(
      `select w.body from touchline.campaign_touches t
       join touchline.template_versions w on (w.business_id, w.id) = (t.business_id, t.template_version_id)
       where t.business_id = $1 and t.campaign_id = $2 order by t.touch_number`,
      business,
      old,
    );
    expect(pinned).toEqual([{ body: 'Thanks.' }, { body: 'Reminder.' }]);
    expect(await owner.refusal('delete_template', business, sms)).toMatchObject({ code: 'TL201' });
  });

  it('defect 48: is not deleted under a publish that is under way', async () => {
    const id = await create('Everything');
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      await client.query('select from touchline.campaigns where id = $1 for no key update', [id]);
      const deletion = owner.refusal('delete_template', business, sms);
      await blockedBehind(database, client);
      await client.query(
        `update touchline.campaign_versions set state = 'live', published_at = now() where campaign_id = '${id}';
         update touchline.campaigns set status = 'active', live_version = 1 where id = '${id}'; commit`,
      );
      expect(await deletion).toMatchObject({ code: 'TL305', detail: 'Used by: Everything.' });
    } finally {
      client.release();
    }
  });
});
