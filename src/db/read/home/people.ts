// The people of a campaign, newest first, by the index campaign_enrollments_people: each status is a range of it in the order of
// the list, and all of them together are the three ranges merged.
import type { ClientBase } from 'pg';
import type { Page, PersonSummary } from '../../../engine/home.ts';
import { TouchlineError } from '../../../errors.ts';
import type { EnrollmentStatus } from '../../../generated/rows.ts';
import { requireMine } from './businesses.ts';
import { isId, pageOf, pageSize, readCursor } from './page.ts';

const people = `
  with latest as (
    select e.*
    from pg_catalog.unnest($3::text[]) s (status)
    cross join lateral (
      select *
      from touchline.campaign_enrollments e
      where e.business_id = $1
        and e.campaign_id = $2
        and e.status = s.status
        and ($4::bigint is null
          or (e.enrolled_at, e.id) < (timestamptz 'epoch' + interval '1 microsecond' * $4::bigint, $5::uuid))
      order by e.enrolled_at desc, e.id desc
      limit $6
    ) e
    order by e.enrolled_at desc, e.id desc
    limit $6
  ), plans as materialized (
    -- Once for each version that is on the page, not for each person.
    select c.version, pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('number', c.touch_number, 'channel', c.channel)
        order by c.touch_number) as touches
    from touchline.campaign_touches c
    where c.business_id = $1
      and c.campaign_id = $2
      and c.version in (select l.campaign_version from latest l)
    group by c.version
  )
  select e.id as "enrollmentId", e.customer_id as "customerId", coalesce(nullif(pg_catalog.concat_ws(' ', k.first_name, k.last_name), ''),
      k.email, k.phone, k.external_id, '') as name,
    e.status, e.stop_reason as "stopReason", e.current_touch as "currentTouch", coalesce(p.touches, '[]') as plan,
    array[e.touch_1_status, e.touch_2_status, e.touch_3_status, e.touch_4_status] as statuses, e.enrolled_at as "enrolledAt",
    case when q.claim_id is null and not q.stopping then nullif(q.due_at, 'infinity') end as "nextDueAt", q.blocked_by as "blockedBy",
    (extract(epoch from e.enrolled_at) * 1000000)::bigint::text as at
  from latest e
  join touchline.customers k on k.business_id = $1 and k.id = e.customer_id
  left join touchline.touch_queue q on q.business_id = $1 and q.enrollment_id = e.id
  left join plans p on p.version = e.campaign_version
  order by e.enrolled_at desc, e.id desc`;

type Touch = PersonSummary['touches'][number];

interface PersonRow extends Omit<PersonSummary, 'touches'> {
  plan: Pick<Touch, 'number' | 'channel'>[];
  /** Of touches 1 to 4; null where none is planned. */
  statuses: (Touch['status'] | null)[];
  at: string;
}

function shown({ at: _, plan, statuses, ...person }: PersonRow): PersonSummary {
  const touches = plan.flatMap(({ number, channel }) => {
    const status = statuses[number - 1] ?? null;
    return status === null ? [] : [{ number, channel, status }];
  });
  return { ...person, touches };
}

const all: readonly EnrollmentStatus[] = ['active', 'completed', 'stopped'];

async function requireCampaign(client: ClientBase, businessId: string, campaignId: string): Promise<void> {
  await requireMine(client, businessId);
  const sql = 'select from touchline.campaigns c where c.business_id = $1 and c.id = $2';
  if (isId(campaignId) && (await client.query(sql, [businessId, campaignId])).rowCount === 1) return;
  throw new TouchlineError('TL201', {
    what: 'There is no such campaign.',
    why: 'It does not exist, or belongs to another business.',
    fix: 'Check the id of the campaign.',
  });
}

/** One page of a campaign's people, of one status or of all. */
export async function homePeople(
  client: ClientBase,
  businessId: string,
  campaignId: string,
  options: { status: EnrollmentStatus | null; cursor: string | null },
): Promise<Page<PersonSummary>> {
  await requireCampaign(client, businessId, campaignId);
  const [at = null, id = null] = readCursor(options.cursor, 2) ?? [];
  const statuses = options.status === null ? all : [options.status];
  const { rows } = await client.query<PersonRow>(people, [businessId, campaignId, statuses, at, id, pageSize + 1]);
  return pageOf(rows, (row) => [row.at, row.enrollmentId], shown);
}
