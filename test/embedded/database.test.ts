// The databases that all other tests stand on.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase('Own Database!');
});
afterAll(() => database.drop());

describe('an empty database', () => {
  it('is told from others by its name, and holds nothing of ours', async () => {
    expect(database.name).toMatch(/_own_database__[0-9a-f]{8}$/);
    const { rows } = await database.query("select pg_catalog.to_regnamespace('touchline') as found");
    expect(rows).toEqual([{ found: null }]);
  });

  it('is separate from every other', async () => {
    const other = await emptyDatabase();
    await database.query('create table only_here (id integer)');
    expect((await other.query("select pg_catalog.to_regclass('only_here') as found")).rows).toEqual([{ found: null }]);
    await other.drop();
    await expect(other.query('select 1')).rejects.toThrow();
  });

  it('can be dropped while somebody is connected, and twice', async () => {
    const other = await emptyDatabase();
    const guest = new pg.Client({ connectionString: other.url });
    const thrownOut = new Promise<Error>((resolve) => guest.on('error', resolve));
    await guest.connect();
    await other.drop();
    expect(await thrownOut).toMatchObject({ code: '57P01' });
    await other.drop();
  });
});

describe('asRole', () => {
  const whoAmI = "select current_user::text as role, pg_catalog.current_setting('request.jwt.claims', true) as claims";
  beforeAll(async () => {
    await database.query('drop role if exists touchline_test_guest');
    await database.query('create role touchline_test_guest');
    await database.query('grant touchline_test_guest to current_user');
    await database.query('create table journal (note text)');
    await database.query('grant insert, select on journal to touchline_test_guest');
  });
  afterAll(async () => {
    await database.query('drop owned by touchline_test_guest');
    await database.query('drop role touchline_test_guest');
  });

  it('runs with the role and its claims, and leaves nothing of them on the connection', async () => {
    const inside = await database.asRole('touchline_test_guest', { sub: 'me' }, (client) => client.query(whoAmI));
    expect(inside.rows).toEqual([{ role: 'touchline_test_guest', claims: '{"sub":"me"}' }]);
    const outside = await database.query<{ role: string; claims: string | null }>(whoAmI);
    expect(outside.rows[0]?.role).not.toBe('touchline_test_guest');
    expect(outside.rows[0]?.claims ?? '').toBe('');
  });

  it('keeps what succeeds and undoes what fails', async () => {
    const insert = (note: string) => ({ text: 'insert into journal values ($1)', values: [note] });
    await database.asRole('touchline_test_guest', null, (client) => client.query(insert('kept')));
    const failing = database.asRole('touchline_test_guest', null, async (client) => {
      await client.query(insert('lost'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await database.query('select note from journal')).rows).toEqual([{ note: 'kept' }]);
  });
});

describe('a migrated database', () => {
  it.each([false, true])('comes from a template, many at once; virtual clock: %s', async (virtualClock) => {
    const copies = await Promise.all([1, 2, 3].map(() => testDatabase({ name: 'copy', virtualClock })));
    for (const copy of copies) {
      expect((await copy.query('select virtual_clock from touchline.installation')).rows).toEqual([
        { virtual_clock: virtualClock },
      ]);
    }
    await Promise.all(copies.map((copy) => copy.drop()));
  });
});
