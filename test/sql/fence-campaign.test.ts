// Publishing and deleting a campaign: people inside keep what they were promised, and what was sent stays on record.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blockedBehind, callOf } from '../support/caller.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import {
  day,
  enroll,
  enrollmentOf,
  liveCampaign,
  messagesOf,
  monday,
  newCampaign,
  newSite,
  plus,
  queueOf,
  type Site,
  statuses,
} from '../support/engine-world.ts';
import { expectInvariants } from '../support/invariants.ts';

let database: TestDatabase;
let site: Site;
const at = (days: number): Date => plus(monday, days * day);
const email = { channel: 'email', delay_hours: 24 } as const;

beforeAll(async () => {
  database = await testDatabase({ name: 'fence_campaign', virtualClock: true });
});
afterAll(async () => {
  await expectInvariants(database);
  await database.drop();
});
beforeEach(async () => {
  site = await newSite(database);
});

const publish = (campaign: string, days = 0): Promise<number> =>
  site.owner.call('publish_campaign', site.id, campaign, at(days));
const refused = (campaign: string): Promise<unknown> =>
  site.owner.refusal('publish_campaign', site.id, campaign, at(0));

interface Version {
  number: number;
  state: string;
  published_by: string | null;
  texts: string[];
}

async function versions(campaign: string): Promise<Version[]> {
  const { rows } = await database.query<Version>(
    `select v.number, v.state, v.published_by, array(
         select t.body from touchline.campaign_touches c join touchline.template_versions t on t.id = c.template_version_id
         where c.campaign_id = v.campaign_id and c.version = v.number order by c.touch_number) as texts
     from touchline.campaign_versions v where v.campaign_id = $1 order by v.number`,
    [campaign],
  );
  return rows;
}

async function statusOf(campaign: string): Promise<unknown> {
  const { rows } = await database.query('select status, live_version from touchline.campaigns where id = $1', [
    campaign,
  ]);
  return rows[0];
}

async function templates(campaign: string): Promise<string[]> {
  const { rows } = await database.query<{ template_id: string }>(
    'select template_id from touchline.campaign_touches where campaign_id = $1 order by version, touch_number',
    [campaign],
  );
  return rows.map((row) => row.template_id);
}

describe('publishing', () => {
  it('makes a draft campaign active and its version live, by whom it was', async () => {
    const campaign = await newCampaign(site, [email, email]);
    expect(await publish(campaign)).toBe(1);
    expect(await statusOf(campaign)).toEqual({ status: 'active', live_version: 1 });
    const { rows } = await database.query('select user_id from touchline.businesses where id = $1', [site.id]);
    expect(await versions(campaign)).toMatchObject([{ number: 1, state: 'live', published_by: rows[0]?.user_id }]);
  });

  it('defect 48: pins the newest text of each touch; a later edit or a deleted template changes nothing that is sent', async () => {
    const campaign = await newCampaign(site, [email]);
    const [template] = await templates(campaign);
    await site.owner.call('save_template', site.id, template, { body: 'Newest' });
    await publish(campaign);
    await site.owner.call('save_template', site.id, template, { body: 'Later' });
    expect((await versions(campaign))[0]?.texts).toEqual(['Newest']);
    expect(await site.owner.refusal('delete_template', site.id, template)).toMatchObject({ code: 'TL305' });
    await site.owner.call('archive_campaign', site.id, campaign, at(1));
    await site.owner.call('delete_template', site.id, template);
    expect((await versions(campaign))[0]?.texts).toEqual(['Newest']);
  });

  it('defect 36: a version without a touch strands nobody who waits at it', async () => {
    const campaign = await liveCampaign(site, [email, email, email]);
    const enrollment = await enroll(site, campaign, { touch: 2 });
    const [template] = await templates(campaign);
    await site.owner.call('edit_campaign', site.id, campaign, [{ ...email, template_id: template }]);
    expect(await publish(campaign, 1)).toBe(2);
    expect(await versions(campaign)).toMatchObject([{ state: 'retired' }, { state: 'live' }]);
    expect(await enrollmentOf(site, enrollment)).toMatchObject({
      status: 'active',
      campaign_version: 1,
      current_touch: 2,
    });
    expect(await statuses(site, enrollment)).toEqual(['sent', 'pending', 'pending']);
    expect(await queueOf(site, enrollment)).toMatchObject({ touch_number: 2, blocked_by: null });
  });

  it('of a paused campaign leaves it paused', async () => {
    const campaign = await liveCampaign(site, [email]);
    await site.owner.call('pause_campaign', site.id, campaign, null, at(0));
    await site.owner.call('edit_campaign', site.id, campaign);
    await publish(campaign, 1);
    expect(await statusOf(campaign)).toEqual({ status: 'paused', live_version: 2 });
  });

  it('defect 41: a second default, or a second one for a service type, is refused by the name of the first', async () => {
    for (const serviceType of [null, 'hvac']) {
      const first = await liveCampaign(site, [email], serviceType);
      const { rows } = await database.query('select name from touchline.campaigns where id = $1', [first]);
      const second = await newCampaign(site, [email], serviceType);
      expect(await refused(second)).toMatchObject({
        code: 'TL301',
        message: expect.stringContaining(rows[0]?.name),
        detail: expect.stringContaining(serviceType ?? 'all services'),
      });
      expect(await statusOf(second)).toEqual({ status: 'draft', live_version: null });
      expect(await versions(second)).toMatchObject([{ state: 'draft', texts: [] }]);
    }
  });

  it('waits for one that is under way, so that two of the same kind are never both live', async () => {
    const [one, two] = [await newCampaign(site, [email]), await newCampaign(site, [email])];
    const first = await database.pool.connect();
    await first.query('begin; set local role service_role');
    const { text, values } = callOf('publish_campaign', [site.id, one, at(0)]);
    await first.query(text, values);
    const second = refused(two);
    await first.query('reset role');
    await blockedBehind(database, first);
    await first.query('commit');
    first.release();
    expect(await second).toMatchObject({ code: 'TL301' });
  });

  it('keeps its templates from being deleted until it is done', async () => {
    const campaign = await newCampaign(site, [email]);
    const [template] = await templates(campaign);
    const publishing = await database.pool.connect();
    await publishing.query('begin; set local role service_role');
    const { text, values } = callOf('publish_campaign', [site.id, campaign, at(0)]);
    await publishing.query(text, values);
    const deleting = site.owner
      .rows('delete from touchline.message_templates where business_id = $1 and id = $2', site.id, template)
      .catch((error: unknown) => error);
    await publishing.query('reset role');
    await blockedBehind(database, publishing);
    await publishing.query('commit');
    publishing.release();
    expect(await deleting).toMatchObject({ code: 'TL305' });
    expect(await templates(campaign)).toEqual([template]);
  });
});

describe('what cannot be published', () => {
  it('no touches at all', async () => {
    const campaign = await newCampaign(site, [email]);
    await database.query('delete from touchline.campaign_touches where campaign_id = $1', [campaign]);
    expect(await refused(campaign)).toMatchObject({ code: 'TL304', message: expect.stringContaining('nothing') });
  });

  it('touches without a text, which are named', async () => {
    const campaign = await newCampaign(site, [email, email, email]);
    await database.query(
      'update touchline.campaign_touches set template_id = null where campaign_id = $1 and touch_number > 1',
      [campaign],
    );
    expect(await refused(campaign)).toMatchObject({ code: 'TL304', message: 'No text for touch 2, 3' });
    expect(await versions(campaign)).toMatchObject([{ state: 'draft', texts: [] }]);
  });

  it('touches with a gap, which is named', async () => {
    const campaign = await newCampaign(site, [email, email, email]);
    await database.query('delete from touchline.campaign_touches where campaign_id = $1 and touch_number = 2', [
      campaign,
    ]);
    expect(await refused(campaign)).toMatchObject({ code: 'TL304', message: 'There is no touch 2' });
  });

  it('a campaign without a draft, an archived one, and a preset', async () => {
    const campaign = await liveCampaign(site, [email]);
    expect(await refused(campaign)).toMatchObject({ code: 'TL302', hint: expect.stringContaining('edit_campaign') });
    await site.owner.call('archive_campaign', site.id, campaign, at(0));
    expect(await refused(campaign)).toMatchObject({ code: 'TL302', detail: expect.stringContaining('archived') });
    const { rows } = await database.query('select business_id, id from touchline.campaigns where is_preset limit 1');
    const preset = site.operator.refusal('publish_campaign', rows[0]?.business_id, rows[0]?.id, at(0));
    expect(await preset).toMatchObject({ code: 'TL302', message: expect.stringContaining('preset') });
  });
});

describe('a deleted campaign', () => {
  it('defect 43: stops who is inside under a reason of its own and keeps every row that says what was sent', async () => {
    const campaign = await liveCampaign(site, [email, email, email]);
    const inside = [
      await enroll(site, campaign, { touch: 2 }),
      await enroll(site, campaign, { touch: 3, state: 'sending' }),
    ];
    const recount = `select count(*)::int as sent, count(campaign_id)::int as attributed from touchline.send_logs
      where business_id = $1 and state = 'sent'`;
    const before = (await database.query(recount, [site.id])).rows;
    expect(await site.owner.call('archive_campaign', site.id, campaign, at(9))).toBe(2);
    expect(await site.owner.call('archive_campaign', site.id, campaign, at(9))).toBe(0);
    for (const enrollment of inside) {
      expect(await enrollmentOf(site, enrollment)).toMatchObject({
        status: 'stopped',
        stop_reason: 'campaign_deleted',
      });
      expect((await messagesOf(site, enrollment))[0]).toMatchObject({ campaign_id: campaign, touch_number: 1 });
    }
    expect((await database.query(recount, [site.id])).rows).toEqual(before);
    expect(before).toEqual([{ sent: 3, attributed: 3 }]);
  });

  it('frees its service type, also when it was paused', async () => {
    const campaign = await liveCampaign(site, [email]);
    await site.owner.call('pause_campaign', site.id, campaign, 'Rest', at(0));
    await site.owner.call('archive_campaign', site.id, campaign, at(1));
    expect(await statusOf(campaign)).toMatchObject({ status: 'archived' });
    const next = await newCampaign(site, [email]);
    expect(await publish(next, 1)).toBe(1);
  });

  it('is no preset: those are refused', async () => {
    const { rows } = await database.query('select business_id, id from touchline.campaigns where is_preset limit 1');
    const refusal = site.operator.refusal('archive_campaign', rows[0]?.business_id, rows[0]?.id, at(0));
    expect(await refusal).toMatchObject({ code: 'TL302' });
  });
});
