// `touchline campaign`: from a preset to a live campaign and its end, as an operator lives it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CampaignDetail, CampaignSummary, PresetSummary } from '../../src/db/read/campaigns.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { document, type Failure, type Program, programOn } from './run.ts';

interface Listed {
  business_id: string | null;
  campaigns: CampaignSummary[];
  presets: PresetSummary[];
}

interface One {
  campaign: CampaignDetail;
}

let database: TestDatabase;
let touchline: Program;

beforeAll(async () => {
  database = await testDatabase('cli_campaign');
  touchline = programOn(database.url);
});
afterAll(() => database.drop());

describe('before there is a business', () => {
  test('the presets can be looked at', async () => {
    const { code, out } = await touchline.run(['campaign', 'list']);
    expect(code).toBe(0);
    expect(out).toContain('No campaigns yet. Copy a preset: touchline campaign copy gentle');
    expect(out).toMatch(/^standard +email \+24 h, sms \+3 d, email \+7 d/m);
    const listed = await touchline.json<Listed>(['campaign', 'list']);
    expect(listed).toMatchObject({ business_id: null, campaigns: [] });
    expect(listed.presets.map(({ preset_key }) => preset_key)).toEqual(['gentle', 'standard', 'assertive']);
    expect((await touchline.run(['campaign', 'show', 'gentle'])).out).toMatch(/^Gentle\n {2}preset +gentle\n/);
  });

  test('copying one says what is missing', async () => {
    const { code, err } = await touchline.run(['campaign', 'copy', 'gentle']);
    expect([code, err]).toEqual([
      1,
      'touchline: There is no business yet. Add one: touchline business add --name "Ann\'s Plumbing" --time-zone America/New_York.\n',
    ]);
  });
});

describe('a campaign', () => {
  let business: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'touchline-cli-'));
    const add = ['business', 'add', '--name', "Ann's Plumbing", '--time-zone', 'America/New_York'];
    business = (await touchline.json<{ business: { id: string } }>(add)).business.id;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is copied from a preset with its texts, as a draft', async () => {
    const { code, out, err } = await touchline.run(['campaign', 'copy', 'gentle', '--service-type', 'plumbing']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Created Gentle\n/);
    expect(out).toContain('1  email  +24 h    (24 h after the work)    First message, plumbing (email)');
    expect(err).toContain('It is a draft');
    const { campaign } = await touchline.json<One>(['campaign', 'show', 'Gentle']);
    expect(campaign).toMatchObject({
      status: 'draft',
      service_type: 'plumbing',
      copied_from_preset: 'gentle',
      live_version: null,
      versions: [{ number: 1, state: 'draft', touches: [{ touch_number: 1, channel: 'email', delay_hours: 24 }, {}] }],
    });
  });

  test('a preset that does not exist is answered with the nearest', async () => {
    const { code, err } = await touchline.run(['campaign', 'copy', 'gentel']);
    expect(code).toBe(1);
    expect(err).toMatch(/^touchline: There is no campaign or preset "gentel"\. Did you mean Gentle\?/);
  });

  test('is published, listed, edited and published again', async () => {
    const published = await touchline.json<One & { live_version: number }>(['campaign', 'publish', 'Gentle']);
    expect(published).toMatchObject({ live_version: 1, campaign: { status: 'active', live_version: 1 } });

    const edited = await touchline.json<One & { draft_version: number }>([
      ...['campaign', 'edit', 'Gentle', '--touch', 'email:2d:First message, plumbing (email)'],
    ]);
    expect(edited).toMatchObject({
      draft_version: 2,
      campaign: {
        versions: [
          { number: 1, state: 'live' },
          { number: 2, state: 'draft', touches: [{ delay_hours: 48 }] },
        ],
      },
    });
    const { out } = await touchline.run(['campaign', 'list']);
    expect(out).toMatch(/^Gentle +\S{36} +plumbing +active +1, draft 2 +0 +email \+24 h, email \+3 d$/m);

    const again = await touchline.run(['campaign', 'publish', 'Gentle']);
    expect(again.out).toMatch(/^Version 2 is live: Gentle\n/);
  });

  test('touches come from a file as campaign show prints them', async () => {
    const { campaign } = await touchline.json<One>(['campaign', 'show', 'Gentle']);
    const file = join(folder, 'touches.json');
    writeFileSync(file, JSON.stringify(campaign.versions[0]?.touches));
    const created = await touchline.json<One>(['campaign', 'create', '--name', 'Own', '--touches', file]);
    expect(created.campaign).toMatchObject({
      status: 'draft',
      service_type: null,
      versions: [{ touches: [{ delay_hours: 48, template_name: 'First message, plumbing (email)' }] }],
    });
  });

  test.each([
    [['--touch', 'mail:24h'], 2, 'There is no channel "mail". Did you mean email?'],
    [
      ['--touch', 'sms:24h:First message, plumbing (email)'],
      1,
      'There is no sms template "First message, plumbing (email)".',
    ],
    [['--touch', 'email:24h:Frist message, plumbing (email)'], 1, 'Did you mean First message, plumbing (email)?'],
    [[], 2, 'A campaign has one to four touches.'],
    [Array.from({ length: 5 }, () => ['--touch', 'email:24h']).flat(), 2, 'A campaign has one to four touches.'],
    [['--touch', 'email:24h', '--touches', 'x.json'], 2, "cannot be used with option '--touches <file>'."],
  ])('creating one with %j is refused', async (options, exitCode, message) => {
    const { code, err } = await touchline.run(['campaign', 'create', '--name', 'Wrong', ...options]);
    expect(err).toContain(message);
    expect(code).toBe(exitCode);
  });

  test('a touch without a text keeps the version from being published', async () => {
    await touchline.json(['campaign', 'create', '--name', 'Bare', '--touch', 'email:24h']);
    const ran = await touchline.run(['campaign', 'publish', 'Bare', '--json']);
    expect([ran.code, document<Failure>(ran).error.code]).toEqual([3, 'version_incomplete']);
  });

  test('so does a text with an error, which SQL cannot see', async () => {
    await database.query(
      `insert into touchline.message_templates (business_id, name, channel, body) values ($1, 'Bad', 'sms', 'Hi {{nobody}}')`,
      [business],
    );
    await touchline.json(['campaign', 'create', '--name', 'Unsendable', '--touch', 'sms:4h:Bad']);
    const ran = await touchline.run(['campaign', 'publish', 'Unsendable', '--json']);
    expect(ran.code).toBe(3);
    expect(document<Failure>(ran).error).toMatchObject({
      code: 'template_invalid',
      what: expect.stringMatching(/^The text "Bad" of touch 1 cannot be published: /),
    });
  });

  test('a second one for the same service type is a conflict', async () => {
    const copy = ['campaign', 'copy', 'standard', '--service-type', 'plumbing', '--name', 'Second'];
    await touchline.json(copy);
    const ran = await touchline.run(['campaign', 'publish', 'Second', '--json']);
    expect([ran.code, document<Failure>(ran).error.code]).toEqual([3, 'campaign_conflict']);
  });

  test('a campaign of one’s own is copied under a name of its own', async () => {
    const { campaign } = await touchline.json<One>(['campaign', 'copy', 'Gentle']);
    expect(campaign).toMatchObject({ name: 'Gentle 2', status: 'draft', copied_from_preset: 'gentle' });
    const { code } = await touchline.run(['campaign', 'copy', 'Gentle 2', '--service-type', 'hvac']);
    expect(code).toBe(2);
  });

  test('is paused with a reason and resumed, and people inside are counted', async () => {
    const job = { external_id: 'job-1', service_type: 'plumbing', completed_at: new Date().toISOString() };
    const customer = { external_id: 'customer-1', first_name: 'Ben', email: 'ben@example.test' };
    await database.asRole('service_role', null, (client) =>
      client.query('select touchline.complete_job($1, $2, $3)', [
        business,
        JSON.stringify(job),
        JSON.stringify(customer),
      ]),
    );
    const paused = await touchline.json<One & { parked: number }>([
      ...['campaign', 'pause', 'Gentle', '--reason', 'Storm week'],
    ]);
    expect(paused).toMatchObject({ parked: 1, campaign: { status: 'paused', pause_reason: 'Storm week' } });
    expect((await touchline.run(['campaign', 'show', 'Gentle'])).out).toMatch(/status +paused since .*Z: Storm week/);

    const twice = await touchline.run(['campaign', 'pause', 'Gentle', '--reason', 'Another']);
    expect([twice.code, twice.out]).toEqual([0, 'Gentle is paused already.\n']);
    const draft = await touchline.run(['campaign', 'pause', 'Own', '--json']);
    expect([draft.code, document<Failure>(draft).error.code]).toEqual([3, 'campaign_state']);

    const resumed = await touchline.run(['campaign', 'resume', 'Gentle']);
    expect([resumed.code, resumed.out]).toEqual([0, 'Resumed Gentle: it goes on for 1 person.\n']);
  });

  test('is archived only with --yes while somebody is in it', async () => {
    const asked = await touchline.run(['campaign', 'archive', 'Gentle']);
    expect([asked.code, asked.out]).toEqual([3, '']);
    expect(asked.err).toBe(
      'touchline: 1 person is in "Gentle", and archiving it ends the messages to them for good. Nothing was changed. ' +
        'Add --yes to do it; touchline campaign pause keeps everybody inside.\n',
    );
    const archived = await touchline.json<One & { stopped: number }>(['campaign', 'archive', 'Gentle', '--yes']);
    expect(archived).toMatchObject({ stopped: 1, campaign: { status: 'archived' } });
    const edit = await touchline.run(['campaign', 'edit', 'Gentle', '--json']);
    expect([edit.code, document<Failure>(edit).error.code]).toEqual([3, 'campaign_state']);
  });
});
