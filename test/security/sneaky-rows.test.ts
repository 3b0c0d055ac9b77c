// Ways to reach or notice another business's rows that a plain read or write of them does not try (S1–S9).
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actingAs, attemptAs, managerA, ownerA, ownerB, people, service, twoBusinesses } from './actors.ts';
import { attempt, type Try, undone } from './attempt.ts';
import { type Ids, systemBusiness } from './fixture.ts';
import { tables } from './manifest.ts';
import { openWorld, type World } from './world.ts';
import { writes } from './writes.ts';

let world: World;
let client: pg.Client;
let a: Ids;
let b: Ids;

beforeAll(async () => {
  world = await openWorld('sneaky_rows');
  client = world.client;
  a = world.ids.A;
  b = world.ids.B;
});
afterAll(() => world.close());

/** As the server, past RLS: only keys are left to object. */
async function asOwner(sql: string): Promise<Try> {
  return undone(client, () => attempt(client, sql));
}

function enrollment(campaign: string, customer: string, job = a.job): string {
  return `insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, status,
      stop_reason, stopped_at, enrolled_at, anchor_at, touch_1_scheduled_at, touch_1_status)
    values ('${a.business}', '${campaign}', 1, '${job}', '${customer}', 'stopped', 'owner_stopped', '2026-01-02Z',
      '2026-01-02Z', '2026-01-02Z', '2026-01-03Z', 'pending')`;
}

function words(result: Try, id: string): string {
  return `${result.outcome} ${result.constraint} ${result.message} ${result.detail}`.replaceAll(id, '<id>');
}

describe("S1 an enrollment of another business's customer (defect 79)", () => {
  it('is refused even to the server itself, and the same enrollment of an own customer is not', async () => {
    expect((await asOwner(enrollment(a.liveCampaign, b.customer))).outcome).toBe('23503');
    expect((await asOwner(enrollment(a.liveCampaign, a.customer))).outcome).toBe('rows:1');
  });

  it("is refused for another business's job as well", async () => {
    expect((await asOwner(enrollment(a.liveCampaign, a.customer, b.job))).outcome).toBe('23503');
  });
});

describe("S2 an enrollment into another business's campaign", () => {
  it('is refused, and so is one into a preset: presets are copied, never entered', async () => {
    expect((await asOwner(enrollment(b.liveCampaign, a.customer))).outcome).toBe('23503');
    expect((await asOwner(enrollment(world.ids.system.liveCampaign, a.customer))).outcome).toBe('23503');
  });
});

describe("S3 a touch with another business's text", () => {
  const touch = (template: string): string => `insert into touchline.campaign_touches
      (business_id, campaign_id, touch_number, channel, delay_hours, template_id)
    values ('${a.business}', '${a.draftCampaign}', 3, 'email', 72, '${template}')`;

  it.each(['B', 'system'] as const)('is refused when it is new (text of %s)', async (tenant) => {
    expect((await attemptAs(client, ownerA, touch(world.ids[tenant].template))).outcome).toBe('23503');
    expect((await attemptAs(client, ownerA, touch(a.template))).outcome).toBe('rows:1');
  });

  it('is refused when an own touch is changed', async () => {
    const change = (template: string): string =>
      `update touchline.campaign_touches set template_id = '${template}' where id = '${a.draftTouch}'`;
    expect((await attemptAs(client, ownerA, change(b.template))).outcome).toBe('23503');
    expect((await attemptAs(client, ownerA, change(a.unusedTemplate))).outcome).toBe('rows:1');
  });

  it('is refused inside a campaign of the other business, too', async () => {
    const sql = `insert into touchline.campaign_touches (business_id, campaign_id, touch_number, channel, delay_hours)
      values ('${a.business}', '${b.draftCampaign}', 3, 'email', 72)`;
    expect((await attemptAs(client, ownerA, sql)).outcome).toBe('23503');
  });
});

describe('S4 asking by foreign key whether an id exists elsewhere', () => {
  const asked: [string, (id: string) => string, keyof Ids][] = [
    [
      'customer',
      (id) => `insert into touchline.jobs (business_id, customer_id) values ('${a.business}', '${id}')`,
      'customer',
    ],
    [
      'campaign',
      (id) =>
        `update touchline.jobs set campaign_choice = 'campaign', chosen_campaign_id = '${id}' where id = '${a.openJob}'`,
      'liveCampaign',
    ],
    [
      'template',
      (id) => `update touchline.campaign_touches set template_id = '${id}' where id = '${a.draftTouch}'`,
      'template',
    ],
  ];

  it.each(asked)("answers another business's %s and no such id in the same words", async (_, sql, column) => {
    const random = randomUUID();
    const foreign = words(await attemptAs(client, ownerA, sql(b[column])), b[column]);
    const nothing = words(await attemptAs(client, ownerA, sql(random)), random);
    expect(foreign).toBe(nothing);
    expect(foreign).toMatch(/^23503 /);
  });
});

describe('S4 asking by trigger whether an id exists elsewhere', () => {
  // A trigger that runs before the row reaches its policy would answer for rows the caller may not see.
  const touch = (campaign: string, template: string | null): string => `insert into touchline.campaign_touches
      (business_id, campaign_id, touch_number, channel, delay_hours, template_id)
    values ('${b.business}', '${campaign}', 3, 'sms', 72, ${template === null ? 'null' : `'${template}'`})`;

  it('answers for another business with the policy, whether its campaign is published, a draft or none', async () => {
    for (const campaign of [b.liveCampaign, b.draftCampaign, randomUUID()]) {
      expect(await attemptAs(client, ownerA, touch(campaign, null))).toMatchObject({ outcome: 'rls', detail: '' });
    }
  });

  it('answers for another business with the policy, whatever the channel of the template', async () => {
    for (const template of [b.template, randomUUID()]) {
      const result = await attemptAs(client, ownerA, touch(b.draftCampaign, template));
      expect(result).toMatchObject({ outcome: 'rls', detail: '' });
    }
  });
});

describe('S5 asking by unique key what another business holds', () => {
  it('answers nothing: the same outside id, address and slot are free in every business', async () => {
    const sql = `insert into touchline.customers (business_id, external_id, email, phone)
      values ('${a.business}', 'only-in-b', 'only@example.test', '+12125550199')`;
    await undone(client, async () => {
      await client.query(
        `update touchline.customers set external_id = 'only-in-b' where business_id = $1 and id = $2`,
        [b.business, b.customer],
      );
      expect((await attempt(client, sql)).outcome).toBe('rows:1');
    });
  });

  it('answers for an active enrollment of another business as for none', async () => {
    const sql = enrollment(b.liveCampaign, b.customer, a.openJob).replace(
      "'stopped', 'owner_stopped', '2026-01-02Z'",
      "'active', null, null",
    );
    expect((await asOwner(sql)).outcome).toBe('23503');
  });
});

describe("S6 sending the id of another business's row", () => {
  const withIds = Object.keys(writes).filter((table) => writes[table]?.insert && table !== 'sending_windows');

  it.each(withIds)('%s takes no id from a tenant, in any form of insert', async (table) => {
    const row = { ...writes[table]?.insert?.(a), id: table === 'businesses' ? b.business : b.customer };
    const sql = `insert into touchline.${table} (${Object.keys(row).join(', ')})
      values (${Object.values(row)
        .map((value) => `'${value}'`)
        .join(', ')})`;
    for (const form of [
      '',
      ' on conflict do nothing',
      ` on conflict on constraint ${table}_pkey do update set id = excluded.id`,
    ]) {
      expect(await attemptAs(client, ownerA, sql + form), form).toMatchObject({ outcome: 'denied' });
    }
  });

  it('answers for a key that names another business with the policy, not with a conflict', async () => {
    const sql = `insert into touchline.sending_windows (business_id, channel, iso_weekday, opens, closes)
      values ('${b.business}', 'email', 1, '07:00', '21:00')`;
    for (const form of [
      '',
      ' on conflict do nothing',
      ' on conflict (business_id, channel, iso_weekday, opens) do update set closes = excluded.closes',
    ]) {
      const result = await attemptAs(client, ownerA, sql + form);
      expect([result.outcome, result.detail], form).toEqual(['rls', '']);
    }
  });
});

describe('S7 moving an own row into another business', () => {
  const movable = Object.keys(tables).filter(
    (table) => tables[table]?.update && tables[table]?.tenant === 'business_id',
  );

  it.each(movable)('%s: business_id is not among the columns a tenant may change', async (table) => {
    const sql = `update touchline.${table} set business_id = '${b.business}' where business_id = '${a.business}'`;
    expect((await attemptAs(client, ownerA, sql)).outcome).toBe('denied');
    expect((await attemptAs(client, twoBusinesses, sql.replace(b.business, world.ids.C.business))).outcome).toBe(
      'denied',
    );
  });
});

describe("S8 taking another business's row", () => {
  it('reaches none, by key, by value or by join', async () => {
    const forms = [
      `update touchline.customers set first_name = 'Mine' where (business_id, id) = ('${b.business}', '${b.customer}')`,
      `update touchline.customers set first_name = 'Mine' where email = 'ann@example.test' and business_id <> '${a.business}'`,
      `update touchline.customers c set first_name = x.name
         from (values ('${b.customer}'::uuid, 'Mine')) x (id, name) where c.id = x.id`,
      `delete from touchline.message_templates where id = '${b.unusedTemplate}'`,
    ];
    for (const sql of forms) expect((await attemptAs(client, ownerA, sql)).outcome, sql).toBe('rows:0');
  });

  it('reaches none with a business in the column that the row does not have', async () => {
    const sql = `update touchline.customers set business_id = '${a.business}' where business_id = '${b.business}'`;
    expect((await attemptAs(client, ownerA, sql)).outcome).toBe('denied');
  });
});

describe('S9 presets (defect 81)', () => {
  const preset = (): Ids => world.ids.system;

  it('are read by everybody who signed in, and show no tenant as their owner', async () => {
    for (const actor of [ownerA, ownerB]) {
      const { rows } = await attemptAs(
        client,
        actor,
        `select business_id, is_preset from touchline.campaigns where preset_key = 'fixture'`,
      );
      expect(rows).toEqual([{ business_id: systemBusiness, is_preset: true }]);
      const owner = await attemptAs(
        client,
        actor,
        `select user_id from touchline.businesses where id = '${systemBusiness}'`,
      );
      expect(owner.rows).toEqual([]);
    }
  });

  it('are edited, deleted, extended and made by no tenant', async () => {
    const { liveCampaign, template, liveTouch } = preset();
    const tried: [string, string][] = [
      [`update touchline.campaigns set name = 'Mine' where id = '${liveCampaign}'`, 'rows:0'],
      [`update touchline.campaigns set is_preset = false where id = '${liveCampaign}'`, 'denied'],
      [`update touchline.campaigns set is_preset = true where id = '${a.draftCampaign}'`, 'denied'],
      [`update touchline.campaigns set preset_key = 'mine' where id = '${a.draftCampaign}'`, 'denied'],
      [
        `insert into touchline.campaigns (business_id, name, is_preset) values ('${a.business}', 'Mine', true)`,
        'denied',
      ],
      [`insert into touchline.campaigns (business_id, name) values ('${systemBusiness}', 'Mine')`, 'rls'],
      [`delete from touchline.campaigns where id = '${liveCampaign}'`, 'denied'],
      [`update touchline.message_templates set body = 'Mine' where id = '${template}'`, 'rows:0'],
      [`delete from touchline.message_templates where id = '${template}'`, 'rows:0'],
      [`update touchline.campaign_touches set delay_hours = 1 where id = '${liveTouch}'`, 'rows:0'],
      [`delete from touchline.campaign_touches where id = '${liveTouch}'`, 'rows:0'],
      [
        `insert into touchline.campaign_touches (business_id, campaign_id, touch_number, channel, delay_hours)
         values ('${systemBusiness}', '${liveCampaign}', 2, 'email', 24)`,
        'rls',
      ],
      [`update touchline.sending_windows set closes = '23:59' where business_id = '${systemBusiness}'`, 'rows:0'],
      [`update touchline.sending_policies set max_attempts = 1 where business_id = '${systemBusiness}'`, 'rows:0'],
    ];
    for (const actor of [ownerA, managerA]) {
      for (const [sql, expected] of tried) expect((await attemptAs(client, actor, sql)).outcome, sql).toBe(expected);
    }
  });

  it('cannot be faked even by the server: the flag is the system business and nothing else', async () => {
    const flag = `update touchline.campaigns set is_preset = true, preset_key = 'mine' where id = '${a.draftCampaign}'`;
    expect((await asOwner(flag)).outcome).toBe('23514');
    const unflag = `update touchline.campaigns set is_preset = false, preset_key = null where id = '${preset().liveCampaign}'`;
    expect((await asOwner(unflag)).outcome).toBe('23514');
  });

  it('have no user behind them: the system business gets no owner', async () => {
    const sql = `update touchline.businesses set user_id = '${people.nobody}' where id = '${systemBusiness}'`;
    expect((await asOwner(sql)).outcome).toBe('23514');
    expect((await attemptAs(client, service, sql)).outcome).not.toBe('rows:1');
  });

  it('are not an own row for anybody: the list of businesses that may be written never holds the system business', async () => {
    for (const actor of [ownerA, twoBusinesses, ownerB]) {
      const { rows } = await actingAs(client, actor, () =>
        attempt(client, 'select touchline.writable_business_ids() as ids'),
      );
      expect(rows[0]?.ids).not.toContain(systemBusiness);
    }
  });
});
