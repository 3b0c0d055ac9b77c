// A refused value is explained in words; here they are held against the rules of the catalog.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase('allowed_values');
});
afterAll(() => database.drop());

describe('what the rules allow, in words', () => {
  it('stands there for every rule that a value of a member can break', async () => {
    const { rows } = await database.query<{ constraint: string }>(`
      select k.conname as constraint
      from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
      where c.oid::regclass::text in ('touchline.businesses', 'touchline.sending_policies', 'touchline.sending_windows',
          'touchline.message_templates', 'touchline.campaigns', 'touchline.campaign_touches')
        and (k.contype = 'c' or k.conname = 'businesses_time_zone_fkey')
        and not exists (select from unnest(k.conkey) n
          where not pg_catalog.has_column_privilege('authenticated', c.oid, n, 'INSERT')
            and not pg_catalog.has_column_privilege('authenticated', c.oid, n, 'UPDATE'))
        and k.conname <> 'campaign_touches_touch_number' -- the position in the array
      except select constraint_name from touchline.allowed_values()`);
    expect(rows).toEqual([]);
  });

  it('names only rules and columns that exist', async () => {
    const { rows } = await database.query(`
      select * from touchline.allowed_values() r
      where (r.constraint_name is not null and not exists (
          select from pg_catalog.pg_constraint k
          where k.conrelid = ('touchline.' || r.table_name)::regclass and k.conname = r.constraint_name))
        or not exists (
          select from pg_catalog.pg_attribute a
          where a.attrelid = ('touchline.' || r.table_name)::regclass and a.attname = r.key)`);
    expect(rows).toEqual([]);
  });
});
