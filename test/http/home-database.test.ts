// The pages on a real database: the link of the command line signs in its owner, actions do what they say, and others see nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loginLink, sessionsOf } from '../../src/cli/sign-in.ts';
import { withRole } from '../../src/db/client.ts';
import { homePort } from '../../src/db/home.ts';
import { createApp } from '../../src/http/app.ts';
import { programOn } from '../cli/run.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Visitor, visitor } from '../support/home-visitor.ts';

let database: TestDatabase;
let app: ReturnType<typeof createApp>;
let root: string;

const run: Parameters<typeof sessionsOf>[0]['run'] = (work, limits) =>
  withRole(database.pool, { role: 'service_role' }, work, limits);

beforeAll(async () => {
  database = await testDatabase('home_pages');
  const program = programOn(database.url);
  const business = [
    '--name',
    "Ann's Plumbing",
    '--time-zone',
    'America/New_York',
    '--postal-address',
    '1 Main St',
    '--review-url',
    'https://g.page/r/ann',
  ];
  const added = await program.json<{ business: { id: string } }>(['business', 'add', ...business]);
  root = `/b/${added.business.id}`;
  await program.json(['campaign', 'copy', 'gentle']);
  await program.json(['campaign', 'publish', 'Gentle']);
  app = createApp({
    ready: () => Promise.resolve(),
    home: {
      sessions: sessionsOf({ run }),
      port: (userId) => homePort(database.pool, { role: 'authenticated', userId }),
      mailboxOnly: true,
    },
  });
});
afterAll(() => database.drop());

async function signedIn(email?: string): Promise<Visitor> {
  const { url } = await loginLink({ run }, 'http://localhost', email === undefined ? {} : { email });
  const user = visitor(app);
  expect((await user.post(new URL(url).pathname)).status).toBe(303);
  return user;
}

test('a job is completed, its plan is shown, the campaign pauses and goes on, and the person is stopped', async () => {
  const user = await signedIn();
  expect((await user.ask('/')).headers.get('location')).toBe(root);
  const fields = { key: 'page-1', name: 'Dee Day', email: 'dee@example.com', service_type: 'plumbing', when: 'now' };
  const answer = await user.post(`${root}/jobs`, fields);
  const person = answer.headers.get('location') ?? '';
  expect(person).toMatch(/\/people\//);
  const plan = await user.textOf(person);
  expect(plan).toContain('The job is completed and the follow-up is planned.');
  expect(plan).toMatch(/Email 1 (?:is planned|waits until)/);

  // The same form sent twice is the same job.
  expect((await user.post(`${root}/jobs`, fields)).headers.get('location')).toBe(person);

  const campaign = /href="([^"]*\/campaigns\/[^"]*)"/.exec(await user.textOf(root))?.[1] ?? '';
  await user.post(`${campaign}/pause`);
  expect(await user.textOf(campaign)).toContain('The campaign is paused.');
  expect(await user.textOf(person)).toContain('The campaign is paused.');
  await user.post(`${campaign}/resume`);
  expect(await user.textOf(campaign)).toContain('Dee Day');

  await user.post(`${person}/stop`);
  expect(await user.textOf(person)).toContain('Somebody of your business stopped it.');
  expect(await user.textOf(`${root}/mailbox`)).toContain('No message yet');
});

test('somebody else who signs in sees nothing of it and can do nothing to it', async () => {
  const stranger = await signedIn('eve@example.com');
  expect(await stranger.textOf('/')).toContain('Your first business');
  for (const path of [root, `${root}/mailbox`, `${root}/jobs/new`]) expect((await stranger.ask(path)).status).toBe(404);
  expect((await stranger.post(`${root}/jobs`, { name: 'x' })).status).toBe(404);
});
