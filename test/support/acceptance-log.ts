// What the provider knows, and how states moved: the two things that a query over our own tables cannot tell. A test that makes
// this log has the invariants of scope harness judged too. Everything is in schema touchline_test, beside the product.
import type pg from 'pg';

/** One message that a provider accepted. */
export interface Acceptance {
  businessId: string;
  sendLogId: string;
  /** Null for a message sent by hand. */
  enrollmentId: string | null;
  touchNumber: number | null;
  attempt: number;
  channel: 'email' | 'sms';
  recipient: string;
  idempotencyKey: string;
  /** Of everything that is sent, so that two submissions of one message can be told to be the same. */
  bodyHash: string;
  acceptedAt: Date;
  senderAccountId: string;
}

type Connection = Pick<pg.ClientBase, 'query'>;

const definition = `
create schema touchline_test;
create table touchline_test.acceptances (
  business_id uuid not null,
  send_log_id uuid not null,
  enrollment_id uuid,
  touch_number smallint,
  attempt smallint not null,
  channel text not null,
  recipient text not null,
  idempotency_key text not null,
  body_hash text not null,
  accepted_at timestamptz not null,
  sender_account_id uuid not null
);
create index on touchline_test.acceptances (business_id, send_log_id);
create index on touchline_test.acceptances (business_id, enrollment_id, touch_number);
create index on touchline_test.acceptances (idempotency_key);
create table touchline_test.transitions (
  business_id uuid not null,
  object text not null,
  object_id uuid not null,
  touch_number smallint,
  from_state text not null,
  to_state text not null
);
create function touchline_test.record_transitions() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_old jsonb := pg_catalog.to_jsonb(old);
  v_new jsonb := pg_catalog.to_jsonb(new);
begin
  insert into touchline_test.transitions (business_id, object, object_id, touch_number, from_state, to_state)
  select new.business_id, c.object, coalesce(v_new ->> 'id', v_new ->> 'campaign_id')::uuid, c.touch_number,
    coalesce(v_old ->> c.name, 'undecided'), coalesce(v_new ->> c.name, 'undecided')
  from (values
    ('campaign_enrollments', 'enrollment', 'status', null),
    ('campaign_enrollments', 'touch', 'touch_1_status', 1),
    ('campaign_enrollments', 'touch', 'touch_2_status', 2),
    ('campaign_enrollments', 'touch', 'touch_3_status', 3),
    ('campaign_enrollments', 'touch', 'touch_4_status', 4),
    ('send_logs', 'intent', 'state', null),
    ('campaigns', 'campaign', 'status', null),
    ('campaign_versions', 'campaign_version', 'state', null),
    ('customers', 'customer', 'status', null),
    ('jobs', 'job', 'decision', null)
  ) c (table_name, object, name, touch_number)
  where c.table_name = tg_table_name
    and v_old ->> c.name is distinct from v_new ->> c.name;
  return null;
end $$;`;

const observedTables = ['campaign_enrollments', 'send_logs', 'campaigns', 'campaign_versions', 'customers', 'jobs'];

/** Makes the log in a database that has none, and triggers that write down every change of a state from now on. */
export async function createAcceptanceLog(connection: Connection): Promise<void> {
  const triggers = observedTables.map(
    (table) => `create trigger record_transitions after update on touchline.${table}
      for each row execute function touchline_test.record_transitions();`,
  );
  await connection.query([definition, ...triggers].join('\n'));
}

/** Appends what a provider accepted; a repeated submission that the provider recognised as one it has is not an acceptance. */
export async function logAcceptances(connection: Connection, acceptances: readonly Acceptance[]): Promise<void> {
  const rows = acceptances.map((acceptance) => ({
    business_id: acceptance.businessId,
    send_log_id: acceptance.sendLogId,
    enrollment_id: acceptance.enrollmentId,
    touch_number: acceptance.touchNumber,
    attempt: acceptance.attempt,
    channel: acceptance.channel,
    recipient: acceptance.recipient,
    idempotency_key: acceptance.idempotencyKey,
    body_hash: acceptance.bodyHash,
    accepted_at: acceptance.acceptedAt,
    sender_account_id: acceptance.senderAccountId,
  }));
  await connection.query(
    `insert into touchline_test.acceptances
     select * from pg_catalog.jsonb_populate_recordset(null::touchline_test.acceptances, $1)`,
    [JSON.stringify(rows)],
  );
}
