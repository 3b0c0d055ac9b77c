// A live campaign without publishing it, for tests of what comes before and after that.
import type { TestDatabase } from './database.ts';

/** What publishing does to the rows, without its guards: the draft becomes the live version. */
export async function makeLive(database: TestDatabase, id: string, status = 'active'): Promise<void> {
  await database.query(
    `with texts as (
       update touchline.campaign_touches t
       set template_version_id = (select w.id from touchline.template_versions w
         where (w.business_id, w.template_id) = (t.business_id, t.template_id) order by w.number desc limit 1)
       from touchline.campaign_versions v
       where (v.business_id, v.campaign_id, v.number, v.state) = (t.business_id, t.campaign_id, t.version, 'draft')
         and v.campaign_id = '${id}')
     select;
     update touchline.campaign_versions set state = 'retired', retired_at = now() where campaign_id = '${id}' and state = 'live';
     update touchline.campaign_versions set state = 'live', published_at = now() where campaign_id = '${id}' and state = 'draft';
     update touchline.campaigns set status = '${status}', archived_at = case '${status}' when 'archived' then now() end,
       live_version = (select v.number from touchline.campaign_versions v where v.campaign_id = campaigns.id and v.state = 'live')
     where id = '${id}'`,
  );
}
