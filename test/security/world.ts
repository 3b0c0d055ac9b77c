// A database with two businesses that must never see each other, and one connection that may play everybody.
import pg from 'pg';
import { testDatabase } from '../support/database.ts';
import type { Tenant } from './actors.ts';
import { addRows, type Ids } from './fixture.ts';

export interface World {
  url: string;
  /** Connected as the owner of everything: superuser, until a test becomes somebody else. */
  client: pg.Client;
  ids: Record<Tenant, Ids>;
  close(): Promise<void>;
}

/** Makes the world for one test file. */
export async function openWorld(name: string): Promise<World> {
  const database = await testDatabase(`security_${name}`);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const ids = await addRows(client);
  return {
    url: database.url,
    client,
    ids,
    close: async () => {
      await client.end();
      await database.drop();
    },
  };
}
