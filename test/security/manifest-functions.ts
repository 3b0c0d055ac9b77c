// Who may execute which function of the schema: one row per signature, compared with the catalog; tenant functions are also
// called by everybody, with own and foreign ids.
import type { DatabaseRole } from './actors.ts';
import type { Ids } from './fixture.ts';

/** What a member must be to act: anybody in the business, owner or manager, owner. */
export type Need = 'read' | 'write' | 'own';

export interface TenantCall {
  need: Need;
  /** Arguments after the business, for a call that succeeds on that business's rows. */
  args: (ids: Ids) => string;
  /** Which of the ids in `args` names a row of the business: foreign and unknown ones must be answered alike. */
  object?: keyof Ids;
}

export interface FunctionRule {
  executes: readonly DatabaseRole[];
  /** Present for functions whose first argument is the business they act for. */
  tenant?: TenantCall;
}

const nobody: FunctionRule = { executes: [] };
const signedIn: FunctionRule = { executes: ['authenticated', 'service_role'] };
const everyRole: FunctionRule = { executes: ['authenticated', 'service_role', 'touchline_worker'] };

export const functions: Record<string, FunctionRule> = {
  'acting_role()': nobody,
  'check_touch_template()': nobody,
  'complete_business()': nobody,
  'create_first_version()': nobody,
  'create_lanes()': nobody,
  'current_moment(timestamp with time zone)': nobody,
  'keep_template_version()': nobody,
  'my_business_ids()': signedIn,
  'readable_business_ids()': signedIn,
  'refuse_channel_change()': nobody,
  'refuse_delete_of_used_template()': nobody,
  'refuse_evidence_change()': nobody,
  'refuse_published_change()': nobody,
  'require_access(uuid,text)': nobody,
  'require_worker()': nobody,
  'set_updated_at()': nobody,
  'system_business_id()': everyRole,
  'uuid_v7()': everyRole,
  'writable_business_ids()': signedIn,
};
