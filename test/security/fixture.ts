// Rows of every table for the businesses A, B and C, and one preset. All three hold the same outside keys (external ids,
// addresses, event ids), so that a key that forgot the business shows at once; only our own ids differ.
import type pg from 'pg';
import { people, type Tenant } from './actors.ts';

export const systemBusiness = '00000000-0000-0000-0000-000000000000';

export interface Ids {
  business: string;
  owner: string;
  customer: string;
  otherCustomer: string;
  job: string;
  openJob: string;
  conflictJob: string;
  template: string;
  unusedTemplate: string;
  templateVersion: string;
  liveCampaign: string;
  draftCampaign: string;
  liveTouch: string;
  draftTouch: string;
  enrollment: string;
  sendLog: string;
  senderAccount: string;
  webhook: string;
  apiKey: string;
}

const letters: Record<Exclude<Tenant, 'system'>, string> = { A: 'a', B: 'b', C: 'c' };

function idsOf(tenant: Exclude<Tenant, 'system'>): Ids {
  const id = (n: number): string => `${letters[tenant].repeat(8)}-1111-7000-8000-${String(n).padStart(12, '0')}`;
  const owner = { A: people.ownerA, B: people.ownerB, C: people.ownerC }[tenant];
  return {
    business: id(1),
    owner,
    customer: id(2),
    otherCustomer: id(3),
    job: id(4),
    openJob: id(5),
    template: id(6),
    unusedTemplate: id(7),
    templateVersion: '',
    liveCampaign: id(8),
    draftCampaign: id(9),
    liveTouch: id(10),
    draftTouch: id(11),
    enrollment: id(12),
    sendLog: id(13),
    senderAccount: id(14),
    webhook: id(15),
    conflictJob: id(16),
    apiKey: id(17),
  };
}

type Run = (sql: string) => Promise<pg.QueryResult>;

/** Runs SQL in which `:name` stands for the business's id of that name. */
function runner(client: pg.Client, ids: Ids): Run {
  const known = new Map(Object.entries(ids));
  return (sql) =>
    client.query(
      sql.replaceAll(/(?<!:):([a-z]\w*)/gi, (whole, name: string) => {
        const id = known.get(name);
        return id === undefined ? whole : `'${id}'`;
      }),
    );
}

async function addPeopleAndCustomers(run: Run): Promise<void> {
  await run(`
    insert into touchline.businesses (id, user_id, name, time_zone, postal_address, brand_name, contact_phone, review_url, state)
    values (:business, :owner, 'Fixture business', 'America/New_York', '1 Main Street, Town', 'Brand', '+12125550100',
      'https://example.test/review', 'NY');
    insert into touchline.customers (business_id, id, external_id, first_name, last_name, email, phone, tags)
    values (:business, :customer, 'customer-1', 'Ann', 'Lee', 'ann@example.test', '+12125550101', '{regular}'),
      (:business, :otherCustomer, 'customer-2', 'Bob', 'Ray', 'bob@example.test', '+12125550102', '{}');
    insert into touchline.consent_events (business_id, customer_id, channel, kind, source, source_event_id, method, consent_form,
      text_shown, notes, ip, address_hash, recorded_by, occurred_at)
    values (:business, :customer, 'sms', 'opt_in', 'api', 'event-1', 'website_form', 'written', 'text', 'note', '192.0.2.1',
      '\\x01', :owner, '2026-01-01Z');
    insert into touchline.suppressions (business_id, channel, address_hash, address, reason, suppressed_at)
    values (:business, 'email', '\\x02', 'gone@example.test', 'manual', '2026-01-01Z');
    insert into touchline.jobs (business_id, id, customer_id, external_id, title, notes, status, completed_at)
    values (:business, :job, :customer, 'job-1', 'Boiler', 'note', 'completed', '2026-01-02Z'),
      (:business, :openJob, :otherCustomer, 'job-2', 'Pipes', 'note', 'scheduled', null);
    insert into touchline.jobs (business_id, id, customer_id, status, completed_at, decision, decision_reason, decided_at)
    values (:business, :conflictJob, :customer, 'completed', '2026-01-02Z', 'conflict', 'already_active', '2026-01-02Z');`);
}

async function addCampaigns(run: Run): Promise<void> {
  await run(`
    insert into touchline.message_templates (business_id, id, name, channel, subject, body)
    values (:business, :template, 'First', 'email', 'Hello', 'Thank you'),
      (:business, :unusedTemplate, 'Spare', 'email', 'Hello', 'Thank you');
    insert into touchline.campaigns (business_id, id, name, description, service_type)
    values (:business, :liveCampaign, 'Live', 'text', null), (:business, :draftCampaign, 'Draft', 'text', 'roofing');
    insert into touchline.campaign_touches
      (business_id, id, campaign_id, version, touch_number, channel, delay_hours, template_id, template_version_id)
    select :business, v.id, v.campaign, 1, 1, 'email', 24, :template, t.id
    from (values (:liveTouch::uuid, :liveCampaign::uuid), (:draftTouch, :draftCampaign)) v (id, campaign),
      touchline.template_versions t
    where (t.business_id, t.template_id) = (:business, :template);
    update touchline.campaign_versions set state = 'live', published_at = '2026-01-01Z', published_by = :owner
    where business_id = :business and campaign_id = :liveCampaign;
    update touchline.campaigns set status = 'active', live_version = 1 where business_id = :business and id = :liveCampaign;
    insert into touchline.campaign_versions (business_id, campaign_id, number) values (:business, :liveCampaign, 2);
    insert into touchline.campaign_enrollments (business_id, id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
      anchor_at, touch_1_scheduled_at, touch_1_status)
    values (:business, :enrollment, :liveCampaign, 1, :job, :customer, '2026-01-02Z', '2026-01-02Z', '2026-01-03Z', 'pending');
    update touchline.jobs set decision = 'queued', decision_reason = 'already_active', decided_at = '2026-01-02Z',
      decide_after = '2026-02-01Z', blocked_by_enrollment = :enrollment, campaign_choice = 'campaign',
      chosen_campaign_id = :liveCampaign
    where business_id = :business and id = :openJob;`);
}

async function addSendEvidence(run: Run): Promise<void> {
  await run(`
    delete from touchline.sender_accounts where business_id = :business;
    insert into touchline.sender_accounts (business_id, id, channel, kind, name, from_address, settings, secret_ciphertext,
      secret_key_id)
    values (:business, :senderAccount, 'email', 'smtp', 'Own', 'us@example.test', '{"host": "mail"}', '\\x03', 'key-1');
    insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
    values (:business, :enrollment, 1, 'email', '2026-01-03Z', '2026-01-03Z', '2026-01-05Z');
    insert into touchline.send_logs (business_id, id, customer_id, recipient, subject, provider, provider_id, campaign_id,
      campaign_enrollment_id, touch_number, state, campaign_version, template_version_id, sender_account_id, variables, claim_id,
      attempt, claimed_at, outcome, error_code, error_message)
    select :business, :sendLog, :customer, 'ann@example.test', 'Hello', 'smtp', 'message-1', :liveCampaign, :enrollment, 1,
      'held', 1, t.id, :senderAccount, '{"first_name": "Ann"}', :sendLog, 1, '2026-01-03Z', 'accepted', 'code', 'message'
    from touchline.template_versions t
    where (t.business_id, t.template_id) = (:business, :template);
    insert into touchline.send_attempts (business_id, send_log_id, attempt, claim_id, worker, started_at, deadline_at, finished_at,
      outcome, provider_id, error_code, error_message)
    values (:business, :sendLog, 1, :sendLog, 'worker-1', '2026-01-03Z', '2026-01-03Z', '2026-01-03Z', 'accepted', 'message-1',
      'code', 'message');
    insert into touchline.mailbox_messages (business_id, send_log_id, attempt, channel, recipient, from_name, subject, text, html,
      accepted_at)
    values (:business, :sendLog, 1, 'email', 'ann@example.test', 'Us', 'Hello', 'Hello', '<p>Hello</p>', '2026-01-03Z');
    insert into touchline.lane_claims (business_id, claim_id, channel, worker, claimed_at, lease_until, check_at, send_log_ids)
    values (:business, :sendLog, 'email', 'worker-1', '2026-01-03Z', '2026-01-03T00:05Z', '2026-01-03T00:05Z', array[:sendLog]::uuid[]);
    insert into touchline.evidence_checks (business_id, send_log_id, claim_id, look_at, ends_at, error_code, error_message)
    values (:business, :sendLog, :sendLog, '2026-01-03T00:05Z', '2026-01-03T20:00Z', 'code', 'message');
    insert into touchline.webhook_inbox (business_id, id, provider, sender_account_id, event_id, headers, body, error_message)
    values (:business, :webhook, 'resend', :senderAccount, 'event-1', '{"x": "y"}', '\\x04', 'message');
    insert into touchline.message_events (business_id, send_log_id, webhook_id, kind, rank, detail, occurred_at)
    values (:business, :sendLog, :webhook, 'delivered', 1, '{"x": "y"}', '2026-01-03Z');
    insert into touchline.links (business_id, token, purpose, target_url, customer_id, campaign_enrollment_id, send_log_id)
    values (:business, md5(:business), 'review', 'https://example.test/r', :customer, :enrollment, :sendLog);
    insert into touchline.reviews_feedback (business_id, customer_id, campaign_enrollment_id, send_log_id, rating, comment,
      received_at, resolved_at, resolved_by, internal_notes)
    values (:business, :customer, :enrollment, :sendLog, 5, 'Good', '2026-01-04Z', '2026-01-05Z', :owner, 'note');`);
}

async function addServerRows(run: Run): Promise<void> {
  await run(`
    insert into touchline.api_keys (business_id, id, name, key_prefix, last4, key_hash, created_by)
    values (:business, :apiKey, 'Key', 'tl_', '1234', sha256(:business::bytea), :owner);
    insert into touchline.webhook_endpoints (business_id, url, events, secret_ciphertext, secret_key_id)
    values (:business, 'https://example.test/hook', '{job.completed}', '\\x05', 'key-1');
    insert into touchline.idempotency_keys (business_id, route, key, body_hash, response_status, response_body, finished_at)
    values (:business, '/api/v1/jobs', 'request-1', sha256('body'), 200, '{"x": "y"}', '2026-01-04Z'),
      (:business, '/api/v1/jobs', 'request-2', sha256('body'), null, null, null);
    insert into touchline.audit_log (business_id, actor_kind, actor_id, action, object_kind, object_id, detail, occurred_at)
    values (:business, 'member', :owner, 'campaign.publish', 'campaign', :liveCampaign, '{"x": "y"}', '2026-01-04Z');
    insert into touchline.daily_stats (business_id, campaign_id, touch_number, channel, day, sent)
    values (:business, :liveCampaign, 1, 'email', '2026-01-03', 1);
    insert into touchline.daily_stats_changes (business_id, campaign_id, touch_number, channel, at, measure, change)
    values (:business, :liveCampaign, 1, 'email', '2026-01-03Z', 'delivered', 1);`);
}

/** A preset with its text, beside whatever presets the product ships. */
async function addPreset(client: pg.Client): Promise<Ids> {
  const id = (n: number): string => `eeeeeeee-1111-7000-8000-${String(n).padStart(12, '0')}`;
  const ids: Ids = { ...idsOf('A'), business: systemBusiness, template: id(6), liveCampaign: id(8), liveTouch: id(10) };
  await runner(
    client,
    ids,
  )(`
    insert into touchline.message_templates (business_id, id, name, channel, subject, body)
    values (:business, :template, 'Preset text', 'email', 'Hello', 'Thank you');
    insert into touchline.campaigns (business_id, id, name, is_preset, preset_key)
    values (:business, :liveCampaign, 'Preset', true, 'fixture');
    insert into touchline.campaign_touches (business_id, id, campaign_id, touch_number, channel, delay_hours, template_id)
    values (:business, :liveTouch, :liveCampaign, 1, 'email', 24, :template);`);
  return ids;
}

async function addTenant(client: pg.Client, tenant: Exclude<Tenant, 'system'>): Promise<Ids> {
  const ids = idsOf(tenant);
  const run = runner(client, ids);
  await addPeopleAndCustomers(run);
  await addCampaigns(run);
  await addSendEvidence(run);
  await addServerRows(run);
  const versions = await run(
    'select id from touchline.template_versions where business_id = :business and template_id = :template',
  );
  return { ...ids, templateVersion: String(versions.rows[0]?.id) };
}

/** Fills every table with rows of A, B and C, one preset, and the people who act. */
export async function addRows(client: pg.Client): Promise<Record<Tenant, Ids>> {
  const ids = {
    A: await addTenant(client, 'A'),
    B: await addTenant(client, 'B'),
    C: await addTenant(client, 'C'),
    system: await addPreset(client),
  };
  await client.query(
    `insert into touchline.business_members (business_id, user_id, role)
     values ($1, $2, 'manager'), ($1, $3, 'viewer'), ($1, $4, 'manager'), ($5, $4, 'viewer')`,
    [ids.A.business, people.managerA, people.viewerA, people.both, ids.C.business],
  );
  await client.query(`
    insert into touchline.users (email, password_hash) values ('canary-a-users@example.test', 'CANARY-A-users');
    insert into touchline.login_links (token_hash, user_id, created_at, expires_at)
      values (pg_catalog.sha256('CANARY-A-login_links'), '${people.ownerA}', now(), now() + interval '15 minutes');
    insert into touchline.sessions (token_hash, user_id, created_at, expires_at)
      values (pg_catalog.sha256('CANARY-A-sessions'), '${people.ownerA}', now(), now() + interval '30 days');
    insert into touchline.code_files (path, checksum) values ('fixture', 'fixture')`);
  return ids;
}
