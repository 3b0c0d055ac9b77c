// Technical details, verification, next phases, performance and limits of the seed: ids R, V, N, P and L.
import { readFileSync } from 'node:fs';
import {
  column,
  documented,
  dueIndexes,
  executes,
  type Fact,
  foreignKey,
  grants,
  migrationFiles,
  policies,
  range,
  rowSecurity,
  type Statements,
  values,
} from './facts.ts';
import { campaignIndex, campaignOfEnrollment, campaignOfTouch, customerIndex, jobOfEnrollment } from './migrations.ts';
import {
  analyticsIndex,
  attribution,
  campaignAccess,
  enrollmentAccess,
  enrollmentLogIndex,
  enrollmentStates,
  oneActiveEnrollment,
  presetFlag,
  presetsReadOnly,
  queueIndex,
  seedMigrations,
  serviceTypeLists,
  templateSetNull,
  touchAccess,
} from './tables.ts';

const systemBusiness = '00000000-0000-0000-0000-000000000000';

const presetsReadable: Fact = ({ strangerReads }) =>
  strangerReads.join() === systemBusiness
    ? []
    : [`somebody without a business reads ${strangerReads.join(', ') || 'nothing'}`];

const nothingForStrangers: Fact = ({ grants: all }) =>
  [...all.keys()]
    .filter((grant) => /^(?:public|anon) /.test(grant) || / truncate /.test(grant))
    .map((grant) => `there is a grant: ${grant}`);

/** A key between tables of businesses carries the business, so that it cannot lead to somebody else's row. */
const tenantKeys: Fact = ({ constraints }) =>
  constraints
    .filter(
      ({ definition }) =>
        definition.startsWith('FOREIGN KEY') && !/REFERENCES touchline\.(?:businesses|time_zones)\(/.test(definition),
    )
    .filter(
      ({ definition }) => !/^FOREIGN KEY \(business_id, .*REFERENCES touchline\.\w+\(business_id, /.test(definition),
    )
    .map(({ table, definition }) => `${table}: ${definition} does not carry the business`);

const presets: Fact = ({ presets: found }) =>
  found.join(' ') === 'assertive gentle standard' ? [] : [`the presets are ${found.join(' ') || 'missing'}`];

const typesCurrent: Fact = ({ rowTypes }) =>
  readFileSync(new URL('../../src/generated/rows.ts', import.meta.url), 'utf8') === rowTypes
    ? []
    : ['src/generated/rows.ts is not what the catalog says'];

const noFifthTouch: Fact = ({ columns }) =>
  [...columns.keys()].filter((name) => /\.touch_[05-9]_/.test(name)).map((name) => `there is a column ${name}`);

/** Every CHECK that a further channel has to be added to. */
const channelLists: Fact = ({ columns, checks }) => {
  const wanted = [...columns.keys()].filter((name) => name.endsWith('.channel'));
  const found = wanted.filter((name) => checks.get(name)?.some((check) => /^\(channel = ANY/.test(check)));
  return found.length === 14 && wanted.length === 14
    ? []
    : [`${found.length} of ${wanted.length} channel columns have a list, should be 14`];
};

const touchRanges = [
  range('campaign_touches.touch_number', 1, 4),
  range('touch_queue.touch_number', 1, 4),
  range('send_logs.touch_number', 1, 4),
  range('daily_stats.touch_number', 1, 4),
  range('daily_stats_changes.touch_number', 1, 4),
];

const channels = [values('campaign_touches.channel', 'email sms'), values('send_logs.channel', 'email sms')];

const logCampaign = foreignKey(
  'send_logs',
  'business_id, campaign_id',
  'campaigns(business_id, id)',
  'SET NULL (campaign_id)',
);
const logEnrollment = foreignKey(
  'send_logs',
  'business_id, campaign_enrollment_id',
  'campaign_enrollments(business_id, id)',
  'SET NULL (campaign_enrollment_id)',
);
const businessOfCampaign = foreignKey('campaigns', 'business_id', 'businesses(id)', 'CASCADE');

const cascades = [
  businessOfCampaign,
  campaignOfTouch,
  campaignOfEnrollment,
  jobOfEnrollment,
  logCampaign,
  logEnrollment,
  templateSetNull,
];

const claiming = [executes('touchline_worker', 'claim_due_touches', 'settle_touches'), queueIndex];

const technical: Statements = {
  R1: [
    ...campaignAccess,
    ...touchAccess,
    ...enrollmentAccess,
    policies('send_logs', { select: 'my' }),
    grants('send_logs', { select: '*' }),
  ],
  R2: [
    presetsReadable,
    policies('campaigns', { select: 'readable', insert: 'writable not preset', update: 'writable not preset' }),
  ],
  R3: [rowSecurity(), nothingForStrangers, tenantKeys],
  R4: [presetsReadOnly, ...presetFlag],
  R5: [dueIndexes],
  R7: [campaignIndex],
  R8: [analyticsIndex, enrollmentLogIndex],
  R9: [customerIndex],
  R10: [businessOfCampaign],
  R11: [campaignOfTouch],
  R12: [campaignOfEnrollment],
  R13: [jobOfEnrollment],
  R14: [logCampaign, logEnrollment],
  R15: [templateSetNull],

  V1: [migrationFiles(...seedMigrations)],
  V2: [rowSecurity()],
  V3: cascades,
  V4: [documented('campaigns', 'campaign_touches', 'campaign_enrollments', 'send_logs')],
};

const next: Statements = {
  N1: claiming,
  N2: [typesCurrent],
  N3: [executes('authenticated', 'create_campaign', 'edit_campaign')],
  N4: [
    values('jobs.decision', 'enrolled queued conflict refused imported'),
    executes('authenticated', 'complete_job', 'enroll_job'),
    executes('touchline_worker', 'enroll_waiting'),
  ],
  N5: claiming,
  N6: [executes('authenticated', 'create_campaign', 'edit_campaign', 'publish_campaign', 'archive_campaign')],
  N7: [presets, executes('authenticated', 'copy_preset')],
  N8: [executes('authenticated', 'complete_job')],
  N9: claiming,
  N10: [analyticsIndex, column('daily_stats.sent', 'integer not null default 0')],
  N11: [...enrollmentStates, executes('authenticated', 'stop_enrollment', 'record_opt_out')],
  N12: touchRanges,
  N13: channels,
  N14: [column('campaigns.service_type', 'text'), ...serviceTypeLists],
  N15: [...presetFlag, presetsReadOnly],
  N16: enrollmentStates,
  N17: [oneActiveEnrollment, values('sending_policies.overlap', 'skip replace queue_after ask')],
  N18: [...attribution, column('send_logs.campaign_version', 'integer')],
};

export const rules: Statements = {
  ...technical,
  ...next,
  P1: [dueIndexes],
  P3: [analyticsIndex],
  P4: [analyticsIndex],
  P6: [dueIndexes],
  L2: touchRanges,
  L3: touchRanges,
  L4: [oneActiveEnrollment],
  L5: [noFifthTouch],
  L6: [channelLists],
};
