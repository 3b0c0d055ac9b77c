import type { TestProject } from 'vitest/node';
import { openTestServer, type TestServer } from './support/test-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    touchlineTestServer: TestServer;
  }
}

/** One Postgres server for the whole run: TEST_DATABASE_URL, or a bundled one in a temporary folder. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { server, close } = await openTestServer(process.env.TEST_DATABASE_URL);
  project.provide('touchlineTestServer', server);
  return close;
}
