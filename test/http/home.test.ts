// The pages as a browser asks for them: what they say, and what their forms do.
import { beforeEach, describe, expect, test } from 'vitest';
import { TouchlineError } from '../../src/errors.ts';
import { jobDecisionReasons, stopReasons, touchBlocks } from '../../src/generated/rows.ts';
import { hasWords } from '../../src/http/home/words.ts';
import { homeApp } from '../support/home-app.ts';
import { type Visitor, visitor } from '../support/home-visitor.ts';
import { type HomeWorld, homeWorld, hours, ids } from '../support/home-world.ts';

const root = `/b/${ids.business}`;

let world: HomeWorld;
let user: Visitor;

beforeEach(() => {
  world = homeWorld();
  user = visitor(homeApp({ world }));
});

describe('pages', () => {
  beforeEach(async () => void (await user.signIn()));

  test('campaigns with counts, and when the next message leaves in the time of the business', async () => {
    const text = await user.textOf(root);
    expect(text).toContain('<dt>Completed</dt><dd>1,431</dd>');
    expect(text).toContain(
      'Next message: <time datetime="2026-03-03T16:15:00.000Z">Tue, Mar 3, 11:15 AM EST</time>, in 2 hours',
    );
    expect(text).toContain('Eastern Time (America/New_York)');
    expect(text).toContain('Paused since <time');
  });

  test('people by state, page by page', async () => {
    const path = `${root}/campaigns/${ids.campaign}`;
    const first = await user.textOf(path);
    expect(first).toContain('Ann Lee');
    expect(first).not.toContain('Cameron');
    const older = /href="([^"]*cursor=[^"]*)"/.exec(first)?.[1] ?? '';
    expect(await user.textOf(older)).toContain('Cameron');
    const stopped = await user.textOf(`${path}?status=stopped`);
    expect(stopped).toContain('They followed the review link.');
    expect(stopped).toMatch(/\?status=stopped" aria-current="page"/);
    expect(await user.textOf(`${path}?status=%22%3E`)).toContain('Ann Lee');
  });

  test('what became of the messages lately, in the columns in which there is something', async () => {
    const path = `${root}/campaigns/${ids.campaign}`;
    const text = await user.textOf(path);
    expect(text).toContain('Last 30 days');
    expect([...text.matchAll(/<th scope="col">([^<]*)/g)].map(([, words]) => words)).toEqual(
      'Message Sent Delivered Opened Clicked Bounced Failed Skipped'.split(' '),
    );
    expect(text).toMatch(/<th scope="row">1\. Email<\/th><td>1,204<\/td><td>1,180<\/td>/);
    expect(await user.textOf(`${path}?status=stopped`)).not.toContain('Last 30 days');
    expect(await user.textOf(`${root}/campaigns/${ids.draft}`)).not.toContain('Last 30 days');
  });

  test('a person’s moments are by the clock where they live, and a wait says why and until when', async () => {
    const text = await user.textOf(`${root}/people/${ids.ann}`);
    expect(text).toContain('Central Time (America/Chicago)');
    expect(text).toContain('SMS 2 waits until 8:00 AM, their morning');
    expect(text).toContain('Nobody is texted outside your sending hours, by the clock where they live.');
    // Summer time begins in between.
    expect(text).toContain('Wed, Mar 4, 8:00 AM CST');
    expect(text).toContain('Sun, Mar 8, 9:30 AM CDT');
    const [past = '', ahead = ''] = text.split('id="ahead"');
    expect(past).toContain('Email 1 sent');
    expect(ahead).toContain('Email 3 is planned');
  });

  test('the mailbox, a letter in its frame, a text message with what it costs', async () => {
    expect(await user.textOf(`${root}/mailbox`)).toContain('Text message');
    const letter = await user.textOf(`${root}/mailbox/${ids.mail}`);
    expect(letter).toContain(`<iframe sandbox src="${root}/mailbox/${ids.mail}/html"`);
    expect(letter).not.toContain('<script');
    const bubble = await user.textOf(`${root}/mailbox/${ids.text}`);
    expect(bubble).toContain('2 segments, 133 characters (UCS-2). 🙂 makes it cost more');
  });

  test('a message by itself is walled off by its own policy', async () => {
    const answer = await user.ask(`${root}/mailbox/${ids.mail}/html`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/(?:^|; )sandbox(?:;|$)/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect((await user.ask(`${root}/mailbox/${ids.text}/html`)).status).toBe(404);
  });

  test('say on each that nobody receives anything, where that is so', async () => {
    const paths = [root, `${root}/mailbox`, `${root}/jobs/new`, `${root}/people/${ids.ann}/stop`];
    for (const path of paths) expect(await user.textOf(path)).toContain('nobody receives them');
    user = visitor(homeApp({ world, mailboxOnly: false }));
    await user.signIn();
    for (const path of paths) expect(await user.textOf(path)).not.toContain('nobody receives them');
  });

  test('say on each that nothing is sent, and why, in safe mode', async () => {
    const paths = [root, `${root}/mailbox`, `${root}/people/${ids.ann}`];
    for (const path of paths) expect(await user.textOf(path)).not.toContain('Safe mode');
    user = visitor(homeApp({ world, stopped: 'This database is a <copy>.' }));
    await user.signIn();
    for (const path of paths) {
      expect(await user.textOf(path)).toContain(
        '<strong>Safe mode: nothing is sent.</strong> This database is a &lt;copy&gt;.',
      );
    }
  });

  test('what does not exist, or is another’s, is not there', async () => {
    const paths = [`/b/${ids.otherBusiness}`, `${root}/campaigns/none`, `${root}/people/none`, `${root}/mailbox/none`];
    for (const path of [...paths, `${root}/nothing`]) expect((await user.ask(path)).status, path).toBe(404);
  });

  test('somebody’s text never becomes a part of the page', async () => {
    for (const path of [
      `${root}/campaigns/${ids.campaign}`,
      `${root}/people/${ids.bob}`,
      `${root}/people/${ids.bob}/stop`,
    ]) {
      const text = await user.textOf(path);
      expect(text).toContain('&lt;img src=x');
      expect(text).not.toContain('<img');
    }
  });

  test('load and run nothing, and may be framed by nobody', async () => {
    for (const path of [root, `${root}/people/${ids.ann}`, `${root}/jobs/new`]) {
      const answer = await user.ask(path);
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'sha256-[^']+'; img-src data:; frame-src 'self'$/,
      );
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(await answer.text()).not.toMatch(/<script| style=| on[a-z]+="/);
    }
  });

  test('have words for every code that can reach them', () => {
    const guards = [
      'quiet_hours',
      'min_gap',
      'frequency_cap',
      'too_late',
      'no_email',
      'no_phone',
      'no_consent',
      'suppressed',
    ];
    const codes = [...stopReasons, ...jobDecisionReasons, ...touchBlocks, ...guards, 'rejected', 'attempts_exhausted'];
    expect(codes.filter((code) => !hasWords(code))).toEqual([]);
  });
});

describe('actions', () => {
  beforeEach(async () => void (await user.signIn()));

  test('pause and resume lead back and say what happened', async () => {
    const path = `${root}/campaigns/${ids.campaign}`;
    const paused = await user.post(`${path}/pause`);
    expect([paused.status, paused.headers.get('location')]).toEqual([303, path]);
    const text = await user.textOf(path);
    expect(text).toContain('The campaign is paused.');
    expect(text).toContain(`action="${path}/resume"`);
    await user.post(`${path}/resume`);
    expect(await user.textOf(path)).toContain('The campaign goes on.');
  });

  test('stopping asks first, then ends it once', async () => {
    const path = `${root}/people/${ids.ann}`;
    expect(await user.textOf(`${path}/stop`)).toContain('3 messages are still planned and will not be sent.');
    expect(world.timelines[0]?.status).toBe('active');
    await user.post(`${path}/stop`);
    expect(await user.textOf(path)).toContain('Stopped. Nothing more is sent because of this job.');
    await user.post(`${path}/stop`);
    expect(await user.textOf(path)).toContain('It was over already');
  });

  const job = {
    key: 'page-1',
    name: 'Dee Day',
    email: 'Dee@Example.com',
    phone: '(212) 555-0101',
    service_type: 'hvac',
  };

  test('a job is completed just now, without consent unless it was given', async () => {
    expect(await user.textOf(`${root}/jobs/new`)).not.toMatch(/id="smsConsent"[^>]* checked/);
    const answer = await user.post(`${root}/jobs`, { ...job, when: 'now' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${root}/people/${ids.ann}`]);
    expect(await user.textOf(`${root}/people/${ids.ann}`)).toContain(
      'The job is completed and the follow-up is planned.',
    );
    expect(world.jobs).toEqual([
      {
        externalId: 'page-1',
        serviceType: 'hvac',
        completedAt: null,
        customer: { name: 'Dee Day', email: 'dee@example.com', phone: '+12125550101', smsConsent: false },
      },
    ]);
  });

  test.each([
    [{ when: 'day' }, hours(-24)],
    [{ when: 'three_days' }, hours(-72)],
    [{ when: 'exact', exact: '2026-03-02T15:30' }, new Date('2026-03-02T20:30:00Z')],
  ])('%j is a moment of the past, read by the clock of the business', async (fields, moment) => {
    await user.post(`${root}/jobs`, { ...job, ...fields, sms_consent: 'yes' });
    expect(world.jobs[0]).toMatchObject({ completedAt: moment, customer: { smsConsent: true } });
  });

  test.each([
    [{ name: ' ' }, 'name', 'Say who the work was for.'],
    [{ email: 'dee@' }, 'email', 'is not an email address'],
    [{ phone: '12' }, 'phone', 'is not a phone number'],
    [{ email: '', phone: '' }, 'email', 'there must be a way to reach them'],
    [{ service_type: 'magic' }, 'serviceType', 'Choose the kind of work.'],
    [{ when: 'exact', exact: '2026-02-30T10:00' }, 'exact', 'Say the day and the time'],
    [{ when: 'exact', exact: '2026-03-04T10:00' }, 'exact', 'This is still to come.'],
    [{ phone: '', sms_consent: 'yes' }, 'smsConsent', 'with a phone number'],
  ])('%j comes back with the error beside the field, and what was typed', async (fields, field, words) => {
    const answer = await user.post(`${root}/jobs`, { ...job, when: 'now', ...fields });
    const text = await answer.text();
    expect(answer.status).toBe(422);
    expect(text).toMatch(new RegExp(`id="${field}-wrong">.*${words.replaceAll('.', '\\.')}`));
    expect(text).toMatch(
      new RegExp(`id="${field}"[^>]* aria-invalid="true"[^>]* aria-describedby="[^"]*${field}-wrong"`),
    );
    expect(text).toContain('value="page-1"');
    if (field !== 'name') expect(text).toContain('value="Dee Day"');
    expect(world.jobs).toEqual([]);
  });

  test('what was typed comes back as text', async () => {
    const text = await (await user.post(`${root}/jobs`, { ...job, name: `"><b>${'x'.repeat(200)}` })).text();
    expect(text).toContain('value="&quot;&gt;&lt;b&gt;');
  });

  test('a job that nobody follows up says why', async () => {
    world.answer = { decision: 'refused', reason: 'too_old', enrollmentId: null };
    expect((await user.post(`${root}/jobs`, { ...job, when: 'now' })).headers.get('location')).toBe(root);
    expect(await user.textOf(root)).toContain('nobody is written to: The job is too long ago.');
  });

  test('what the database refuses is said in its words', async () => {
    world.port.pause = () => Promise.reject(new TouchlineError('TL202'));
    const answer = await user.post(`${root}/campaigns/${ids.campaign}/pause`);
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Ask an owner of the business');
    world.port.completeJob = () => Promise.reject(new TouchlineError('TL402', { what: 'This name is reserved.' }));
    const form = await user.post(`${root}/jobs`, { ...job, when: 'now' });
    expect([form.status, await form.text()]).toEqual([422, expect.stringContaining('This name is reserved.')]);
  });
});
