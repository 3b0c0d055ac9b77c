// The SQL surface: every function of schema touchline that some role of ours may execute, one line each, by name. A program
// that finds another surface in its database was made for another version; test/sql/surface.test.ts holds the list true.
import type { ClientBase } from 'pg';

type SurfaceRole = 'authenticated' | 'service_role' | 'touchline_worker';

interface SurfaceFunction {
  /** Argument types in order, as SQL writes them: `uuid, timestamptz`. */
  args: string;
  /** The type, `setof <type>`, or `table` for named columns. */
  result: string;
  roles: readonly SurfaceRole[];
}

/** The operator: what no member of a business decides. */
const operator = ['service_role'] as const;
/** People who are signed in, and the operator. */
const people = ['authenticated', 'service_role'] as const;
/** The worker and the operator: for all businesses. */
const engine = ['service_role', 'touchline_worker'] as const;
/** People, the worker and the operator: for one business. */
const everybody = ['authenticated', 'service_role', 'touchline_worker'] as const;

export const surface = {
  add_api_key: { args: 'uuid, text, bytea, text, text, text[], timestamptz', result: 'uuid', roles: everybody },
  add_business: { args: 'uuid, jsonb', result: 'uuid', roles: operator },
  add_login_link: { args: 'bytea, uuid, timestamptz', result: 'timestamptz', roles: operator },
  api_key_business: { args: 'bytea, timestamptz', result: 'table', roles: engine },
  archive_campaign: { args: 'uuid, uuid, timestamptz', result: 'integer', roles: everybody },
  archive_customer: { args: 'uuid, uuid, timestamptz', result: 'integer', roles: everybody },
  begin_replays: { args: 'text, uuid, uuid[], uuid[], interval, timestamptz', result: 'table', roles: engine },
  begin_request: { args: 'uuid, text, text, bytea, timestamptz', result: 'jsonb', roles: everybody },
  campaign_figures: { args: 'uuid, uuid', result: 'record', roles: everybody },
  check_in: { args: 'bigint, timestamptz', result: 'jsonb', roles: engine },
  check_invariants: { args: 'timestamptz, timestamptz', result: 'table', roles: engine },
  claim_due_touches: { args: 'text, uuid, integer, timestamptz', result: 'table', roles: engine },
  claim_unknowns: { args: 'integer, timestamptz', result: 'table', roles: engine },
  clear_out: { args: 'integer, timestamptz', result: 'integer', roles: engine },
  complete_job: { args: 'uuid, jsonb, jsonb, timestamptz', result: 'jsonb', roles: everybody },
  copy_campaign: { args: 'uuid, uuid, text', result: 'uuid', roles: everybody },
  copy_preset: { args: 'uuid, text, text, text', result: 'uuid', roles: everybody },
  create_campaign: { args: 'uuid, text, text, text, jsonb', result: 'uuid', roles: everybody },
  delete_template: { args: 'uuid, uuid', result: 'void', roles: everybody },
  doubt_touches: { args: 'timestamptz, integer, timestamptz', result: 'integer', roles: engine },
  edit_campaign: { args: 'uuid, uuid, jsonb', result: 'integer', roles: everybody },
  end_session: { args: 'bytea', result: 'boolean', roles: operator },
  enroll_completed: { args: 'uuid, uuid[], integer, timestamptz, timestamptz', result: 'jsonb', roles: everybody },
  enroll_job: { args: 'uuid, uuid, timestamptz', result: 'jsonb', roles: everybody },
  enroll_waiting: { args: 'integer, timestamptz', result: 'integer', roles: engine },
  enrollment_answer: { args: 'uuid, uuid', result: 'jsonb', roles: everybody },
  enrollment_timeline: { args: 'uuid, uuid, timestamptz', result: 'table', roles: everybody },
  ensure_user: { args: 'text', result: 'uuid', roles: operator },
  erase_customer: { args: 'uuid, uuid, timestamptz', result: 'jsonb', roles: everybody },
  explain_touch: { args: 'uuid, uuid, integer, timestamptz', result: 'table', roles: everybody },
  find_job: { args: 'uuid, text', result: 'uuid', roles: everybody },
  fold_daily_stats: { args: 'integer', result: 'integer', roles: engine },
  has_virtual_clock: { args: '', result: 'boolean', roles: engine },
  import_jobs: { args: 'uuid, jsonb, timestamptz', result: 'jsonb', roles: everybody },
  installation_id: { args: '', result: 'uuid', roles: engine },
  keep_answer: { args: 'uuid, text, text, integer, jsonb, timestamptz', result: 'void', roles: everybody },
  leave_safe_mode: { args: 'timestamptz, bigint, timestamptz', result: 'boolean', roles: operator },
  list_mailbox: { args: 'uuid, text, integer', result: 'table', roles: everybody },
  ms_until_next_due: { args: 'timestamptz', result: 'integer', roles: engine },
  my_business_ids: { args: '', result: 'uuid[]', roles: people },
  open_session: { args: 'bytea, bytea, timestamptz', result: 'table', roles: operator },
  pause_campaign: { args: 'uuid, uuid, text, timestamptz', result: 'integer', roles: everybody },
  pause_sender_account: { args: 'uuid, uuid, text, timestamptz', result: 'void', roles: everybody },
  prune: { args: 'text, integer, integer, jsonb, boolean, timestamptz', result: 'jsonb', roles: operator },
  publish_campaign: { args: 'uuid, uuid, timestamptz', result: 'integer', roles: everybody },
  readable_business_ids: { args: '', result: 'uuid[]', roles: people },
  reconcile_touches: { args: 'integer, timestamptz', result: 'integer', roles: engine },
  record_customer_event: { args: 'uuid, uuid, text, timestamptz', result: 'integer', roles: everybody },
  record_mailbox_message: { args: 'uuid, uuid, integer, jsonb, timestamptz', result: 'boolean', roles: engine },
  record_opt_in: { args: 'uuid, text, text, jsonb, timestamptz', result: 'jsonb', roles: everybody },
  record_opt_out: { args: 'uuid, text, text, jsonb, timestamptz', result: 'jsonb', roles: everybody },
  record_provider_event: { args: 'uuid, uuid, jsonb, timestamptz', result: 'text', roles: engine },
  refresh_statistics: { args: '', result: 'void', roles: engine },
  reinstate_business: { args: 'uuid, timestamptz', result: 'integer', roles: operator },
  remove_member: { args: 'uuid, uuid', result: 'void', roles: everybody },
  remove_sender_account: { args: 'uuid, uuid, timestamptz', result: 'void', roles: everybody },
  resolve_conflict: { args: 'uuid, uuid, text, timestamptz', result: 'jsonb', roles: everybody },
  resolve_touch: { args: 'uuid, uuid, text, boolean, timestamptz', result: 'text', roles: everybody },
  restore_customer: { args: 'uuid, uuid, timestamptz', result: 'boolean', roles: everybody },
  resume_campaign: { args: 'uuid, uuid, timestamptz', result: 'integer', roles: everybody },
  resume_sender_account: { args: 'uuid, uuid, timestamptz', result: 'void', roles: everybody },
  retention: { args: '', result: 'table', roles: engine },
  revoke_api_key: { args: 'uuid, uuid, timestamptz', result: 'boolean', roles: everybody },
  safe_mode: { args: 'bigint', result: 'setof record', roles: everybody },
  save_template: { args: 'uuid, uuid, jsonb', result: 'uuid', roles: everybody },
  sender_credentials: { args: 'uuid, uuid', result: 'table', roles: engine },
  sending_capacity: { args: 'uuid, timestamptz', result: 'table', roles: everybody },
  session_user_id: { args: 'bytea, timestamptz', result: 'uuid', roles: operator },
  set_business: { args: 'uuid, jsonb', result: 'void', roles: everybody },
  set_member: { args: 'uuid, uuid, text', result: 'void', roles: everybody },
  set_sender_account: { args: 'uuid, uuid, jsonb, timestamptz', result: 'void', roles: everybody },
  set_sending_policy: { args: 'uuid, jsonb', result: 'void', roles: everybody },
  set_sending_windows: { args: 'uuid, text, jsonb', result: 'void', roles: everybody },
  settle_evidence: { args: 'jsonb, timestamptz', result: 'table', roles: engine },
  settle_touches: { args: 'uuid, jsonb, timestamptz', result: 'table', roles: engine },
  stop_enrollment: { args: 'uuid, uuid, text, timestamptz', result: 'boolean', roles: everybody },
  suspend_business: { args: 'uuid, text, timestamptz', result: 'integer', roles: operator },
  sweep_lanes: { args: 'timestamptz', result: 'integer', roles: engine },
  system_business_id: { args: '', result: 'uuid', roles: everybody },
  uuid_v7: { args: '', result: 'uuid', roles: everybody },
  writable_business_ids: { args: '', result: 'uuid[]', roles: people },
} as const satisfies Record<string, SurfaceFunction>;

const groups: readonly [string, readonly SurfaceRole[]][] = [
  ['operator', operator],
  ['people', people],
  ['engine', engine],
  ['everybody', everybody],
];

/** The line of the list for a function. */
function lineOf(name: string, { args, result, roles }: SurfaceFunction): string {
  const group = groups.find(([, members]) => members.join() === roles.join());
  return `${name}: { args: '${args}', result: '${result}', roles: ${group?.[0] ?? JSON.stringify(roles)} },`;
}

const installedSql = `
  select name, args, result, roles
  from (
    select p.proname::text as name,
      (select coalesce(pg_catalog.string_agg(pg_catalog.format_type(t.type, null), ', ' order by t.place), '')
        from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) with ordinality t (type, place)) as args,
      pg_catalog.regexp_replace(pg_catalog.pg_get_function_result(p.oid), '^TABLE\\(.*', 'table') as result,
      array(select r from pg_catalog.unnest('{authenticated,service_role,touchline_worker}'::text[]) r
        where pg_catalog.has_function_privilege(r, p.oid, 'execute')) as roles
    from pg_catalog.pg_proc p
    where p.pronamespace = 'touchline'::pg_catalog.regnamespace
  ) f
  where pg_catalog.cardinality(roles) > 0
  order by name, args`;

interface Installed extends SurfaceFunction {
  name: string;
}

/** Types as people write them. */
function inShort(types: string): string {
  return types.replaceAll('timestamp with time zone', 'timestamptz').replace(/^SETOF /, 'setof ');
}

async function readInstalled(client: ClientBase): Promise<Installed[]> {
  const { rows } = await client.query<Installed>(installedSql);
  return rows.map(({ args, result, ...rest }) => ({ ...rest, args: inShort(args), result: inShort(result) }));
}

/**
 * Compares the database with the list.
 * @returns one sentence per difference; none when this program and the database belong together
 */
export async function surfaceDifferences(client: ClientBase): Promise<string[]> {
  const installed = await readInstalled(client);
  const listed = new Map<string, SurfaceFunction>(Object.entries(surface));
  const present = new Set(installed.map(({ name }) => name));
  const differing = installed.flatMap(({ name, ...found }) => {
    const known = listed.get(name);
    const line = lineOf(name, found);
    if (known === undefined) return [`${name} is not in the list of src/db/functions.ts: ${line}`];
    const wanted = lineOf(name, known);
    return line === wanted ? [] : [`${name} differs: the database has ${line} and src/db/functions.ts ${wanted}`];
  });
  const missing = [...listed.keys()].filter((name) => !present.has(name));
  return [...differing, ...missing.map((name) => `${name} is not in the database, or nobody may execute it`)];
}
