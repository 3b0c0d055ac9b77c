// What the seed's four migrations and its documentation hold: ids M.
import {
  column,
  constraint,
  documented,
  dueIndexes,
  foreignKey,
  index,
  range,
  type Statements,
  trigger,
  values,
} from './facts.ts';
import {
  analyticsIndex,
  attribution,
  campaignAccess,
  enrollmentAccess,
  enrollmentLogIndex,
  enrollmentStates,
  logChannel,
  oneActiveEnrollment,
  oneCampaignPerServiceType,
  onePerPosition,
  serviceTypeLists,
  templateSetNull,
  touchAccess,
  touchColumns,
} from './tables.ts';

export const campaignOfTouch = foreignKey(
  'campaign_touches',
  'business_id, campaign_id',
  'campaigns(business_id, id)',
  'CASCADE',
);

export const campaignOfEnrollment = foreignKey(
  'campaign_enrollments',
  'business_id, campaign_id',
  'campaigns(business_id, id)',
  'CASCADE',
);

export const jobOfEnrollment = foreignKey(
  'campaign_enrollments',
  'business_id, job_id',
  'jobs(business_id, id)',
  'CASCADE',
);

export const campaignIndex = index(
  'idx_enrollments_campaign',
  'campaign_enrollments (business_id, campaign_id, status)',
);
export const customerIndex = index(
  'idx_enrollments_customer',
  'campaign_enrollments (business_id, customer_id, status)',
);
const jobIndex = index('idx_enrollments_job', 'campaign_enrollments (business_id, job_id)');

export const migrated: Statements = {
  M1: serviceTypeLists,
  M2: [values('campaigns.status', 'draft active paused archived')],
  M3: [oneCampaignPerServiceType],
  M4: campaignAccess,
  M5: [
    index('idx_campaigns_business', 'campaigns (business_id, status)'),
    oneCampaignPerServiceType,
    index('idx_campaigns_presets', 'campaigns (is_preset) WHERE is_preset'),
  ],
  M6: [trigger('campaigns', 'before update', 'set_updated_at')],
  M7: [campaignOfTouch],
  M8: [
    range('campaign_touches.touch_number', 1, 4),
    values('campaign_touches.channel', 'email sms'),
    range('campaign_touches.delay_hours', 1, 8760),
  ],
  M9: [templateSetNull],
  M10: [onePerPosition],
  M11: touchAccess,
  M12: [
    onePerPosition,
    index('idx_touches_template', 'campaign_touches (business_id, template_id) WHERE (template_id IS NOT NULL)'),
  ],
  M13: [
    foreignKey('campaign_enrollments', 'business_id', 'businesses(id)', 'CASCADE'),
    campaignOfEnrollment,
    jobOfEnrollment,
    foreignKey('campaign_enrollments', 'business_id, customer_id', 'customers(business_id, id)', 'CASCADE'),
    constraint(
      'campaign_enrollments',
      'FOREIGN KEY (business_id, campaign_id, campaign_version) REFERENCES touchline.campaign_versions(business_id, campaign_id, number)',
    ),
  ],
  M14: enrollmentStates,
  M15: touchColumns,
  M16: [oneActiveEnrollment],
  M17: [dueIndexes],
  M18: [campaignIndex, customerIndex, jobIndex],
  M19: enrollmentAccess,
  M20: [trigger('campaign_enrollments', 'before update', 'set_updated_at')],
  M21: [...attribution, column('send_logs.state', 'text'), column('send_logs.template_version_id', 'uuid')],
  M22: logChannel,
  M23: [range('send_logs.touch_number', 1, 4), values('send_logs.channel', 'email sms')],
  M24: [analyticsIndex, enrollmentLogIndex],
  M25: [documented('campaigns')],
  M26: [documented('campaign_touches')],
  M27: [documented('campaign_enrollments')],
  M28: [documented('send_logs')],
};
