// The rivals of bench enroll: the real function, and the same rows written without deciding anything.
import type pg from 'pg';
import { type Backlog, enrolledAt } from './backlog.ts';

export interface Rival {
  name: string;
  /** Enrolls these jobs in one transaction. */
  enroll(client: pg.ClientBase, backlog: Backlog, jobIds: string[]): Promise<void>;
}

async function committed(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  await work();
  await client.query('commit');
}

const ours: Rival = {
  name: 'enroll_completed: decided, planned and queued',
  enroll: (client, { businessId }, jobIds) =>
    committed(client, async () => {
      await client.query('set local role touchline_worker');
      await client.query({
        name: 'enroll',
        text: 'select touchline.enroll_completed($1, $2, null, null, $3)',
        values: [businessId, jobIds, enrolledAt],
      });
    }),
};

// The same columns; the plan and the first allowed moment are additions of constants.
const plain: Rival = {
  name: 'plain INSERT … SELECT of the same rows and keys',
  enroll: (client, { businessId, campaignId }, jobIds) =>
    committed(client, async () => {
      await client.query({
        name: 'plain_enrollments',
        text: `insert into touchline.campaign_enrollments (business_id, campaign_id, campaign_version, job_id, customer_id, enrolled_at,
           anchor_at, plan_shift, touch_1_scheduled_at, touch_1_status, touch_2_scheduled_at, touch_2_status, touch_3_scheduled_at,
           touch_3_status, touch_4_scheduled_at, touch_4_status)
         select j.business_id, $3, 1, j.id, j.customer_id, $4, j.completed_at, interval '0', j.completed_at + interval '24 hours', 'pending',
           j.completed_at + interval '72 hours', 'pending', j.completed_at + interval '144 hours', 'pending',
           j.completed_at + interval '240 hours', 'pending'
         from touchline.jobs j
         where j.business_id = $1 and j.id = any ($2)`,
        values: [businessId, jobIds, campaignId, enrolledAt],
      });
      await client.query({
        name: 'plain_queue',
        text: `insert into touchline.touch_queue (business_id, enrollment_id, touch_number, channel, scheduled_at, due_at, late_after)
         select e.business_id, e.id, 1, 'email', e.touch_1_scheduled_at, e.touch_1_scheduled_at, e.touch_1_scheduled_at + interval '48 hours'
         from touchline.campaign_enrollments e
         where e.business_id = $1 and e.job_id = any ($2)`,
        values: [businessId, jobIds],
      });
    }),
};

export const rivals: readonly Rival[] = [ours, plain];
