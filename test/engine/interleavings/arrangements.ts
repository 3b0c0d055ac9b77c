// The moments in which pairs meet: what exists, and so which rows can be held.
import { randomUUID } from 'node:crypto';
import { addCustomer, addJob } from '../../sql/enroll-support.ts';
import { type CustomerDetails, later, type TouchPlan, type World } from '../world.ts';
import { type NewBusiness, newBusiness } from './new-business.ts';
import { type Rows, Scene } from './scene.ts';

export interface Arrangement {
  name: string;
  /** Rows that exist, of those that not every scene has. */
  has: readonly Rows[];
  arrange(world: World): Promise<Scene>;
}

const twoTouches: readonly TouchPlan[] = [
  { channel: 'email', delay_hours: 24 },
  { channel: 'email', delay_hours: 72 },
];

/** Somebody whose job was done a day ago, so that touch 1 is due now; or some hours ago. */
async function enroll(scene: Scene, hoursAgo = 24, details: CustomerDetails = {}, work: object = {}): Promise<void> {
  const name = `person-${scene.people.length + 1}`;
  const email = `${name}@example.test`;
  const completed = { completed_at: later(scene.world.now, -hoursAgo).toISOString() };
  const job = await scene.business.completeJob({ external_id: name, email, ...details }, { ...work, ...completed });
  scene.people.push({ customerId: job.customer_id, email, enrollmentId: job.enrollment_id });
}

/** A further job of the first person, done a day ago as well, that nobody has decided. */
async function finishJob(scene: Scene): Promise<void> {
  const completed = { completed_at: later(scene.world.now, -24) };
  scene.jobs.push(await addJob(scene.business, scene.person(1).customerId, completed));
}

/** A worker claims what is due. */
async function claim(scene: Scene, limit = 10): Promise<void> {
  const { store } = scene.world.engine;
  const intents = await store.claim({ worker: 'story', claimId: randomUUID(), limit, now: scene.world.now });
  if (intents.some(({ businessId }) => businessId !== scene.business.id)) throw new Error('Another scene was claimed.');
  if (intents.length === 0) throw new Error('Nothing was due.');
}

/** Everything that is open was refused for now, and its time has come again. */
async function refuseForNow(scene: Scene): Promise<void> {
  for (const { business_id: businessId, id: sendLogId, attempt, claim_id: claimId } of await scene.open()) {
    const outcome = { businessId, sendLogId, attempt, kind: 'retry' as const };
    await scene.world.engine.store.settle(claimId, [outcome], scene.world.now);
  }
  minutes(scene.world, 2);
}

function minutes(world: World, count: number): void {
  world.at(later(world.now, count / 60));
}

const enrolled: readonly Rows[] = ['the enrollment', 'the queue row'];
const written: readonly Rows[] = [...enrolled, 'the message'];

function arrangement(
  name: string,
  has: readonly Rows[],
  prepare: (scene: Scene) => Promise<void>,
  options: Partial<NewBusiness> = {},
): Arrangement {
  const arrange = async (world: World): Promise<Scene> => {
    const scene = new Scene(await newBusiness(world, { touches: twoTouches, ...options }));
    await prepare(scene);
    return scene;
  };
  return { name, has, arrange };
}

/** Somebody who has jobs that nobody has decided. */
async function newcomer(scene: Scene, jobs: number): Promise<void> {
  const email = 'newcomer@example.test';
  scene.people.push({ customerId: await addCustomer(scene.business, { email }), email, enrollmentId: '' });
  for (let job = 0; job < jobs; job += 1) await finishJob(scene);
}

const pauseCampaign = (scene: Scene): Promise<number> =>
  scene.business.call<number>('touchline.pause_campaign', [scene.business.campaign]);
const edit = (scene: Scene): Promise<number> =>
  scene.world.call<number>('touchline.edit_campaign($1, $2)', [scene.business.id, scene.business.campaign]);

export const due = arrangement('a touch is due', enrolled, (scene) => enroll(scene));

export const dueOnceMore = arrangement(
  'a touch is due to somebody who opted out once and in again',
  [...enrolled, 'the suppression'],
  async (scene) => {
    for (const change of ['record_opt_out', 'record_opt_in']) {
      await scene.business.call(`touchline.${change}`, ['email', 'person-1@example.test', '{}']);
      minutes(scene.world, 1);
    }
    await enroll(scene);
  },
);

export const secondDue = arrangement('touch 2 is due', written, async (scene) => {
  await enroll(scene);
  await claim(scene);
  await scene.settleAll();
  minutes(scene.world, 72 * 60);
});

export const dueWithDraft = arrangement(
  'a touch is due and the campaign is being edited',
  [...enrolled, 'the draft'],
  async (scene) => {
    await enroll(scene);
    await edit(scene);
  },
);

export const dueWhilePaused = arrangement('the campaign is paused and a touch is due', enrolled, async (scene) => {
  await enroll(scene);
  await pauseCampaign(scene);
  minutes(scene.world, 60);
});

export const sending = arrangement('a touch is being sent', written, async (scene) => {
  await enroll(scene);
  await claim(scene);
});

export const sendingWithDraft = arrangement(
  'a touch is being sent and the campaign is being edited',
  [...written, 'the draft'],
  async (scene) => {
    await enroll(scene);
    await claim(scene);
    await edit(scene);
  },
);

export const sendingWhilePaused = arrangement(
  'a touch is being sent and the campaign is paused',
  written,
  async (scene) => {
    await enroll(scene);
    await claim(scene);
    await pauseCampaign(scene);
    minutes(scene.world, 1);
  },
);

export const lastSending = arrangement(
  'the last touch is being sent',
  written,
  async (scene) => {
    await enroll(scene);
    await claim(scene);
  },
  { touches: twoTouches.slice(0, 1) },
);

export const retrying = arrangement(
  'a touch is due again after a refusal',
  [...written, 'the refused message'],
  async (scene) => {
    await enroll(scene);
    await claim(scene);
    await refuseForNow(scene);
  },
);

export const overdue = arrangement('a worker has not reported in time', [...written, 'the claim'], async (scene) => {
  await enroll(scene);
  await claim(scene);
  minutes(scene.world, 4);
});

export const repeating = arrangement(
  'a touch is due and another job is done',
  [...enrolled, 'the job'],
  async (scene) => {
    await enroll(scene);
    await finishJob(scene);
  },
  { policy: { overlap: 'replace' } },
);

export const repeatingWhileSending = arrangement(
  'a touch is being sent and another job is done',
  [...written, 'the job'],
  async (scene) => {
    await enroll(scene);
    await claim(scene);
    await finishJob(scene);
  },
  { policy: { overlap: 'replace' } },
);

export const jobDone = arrangement('a job is done', ['the job'], (scene) => newcomer(scene, 1));

export const jobDoneWhileEditing = arrangement(
  'a job is done and the campaign is being edited',
  ['the job', 'the draft'],
  async (scene) => {
    await newcomer(scene, 1);
    await edit(scene);
  },
);

export const jobDoneWhilePaused = arrangement(
  'the campaign is paused and a job is done',
  ['the job'],
  async (scene) => {
    await newcomer(scene, 1);
    await pauseCampaign(scene);
    minutes(scene.world, 60);
  },
);

/** Known to the business, and nothing else. */
export const stranger = arrangement('a customer has no job yet', [], (scene) => newcomer(scene, 0));

export const twoJobsDone = arrangement('two jobs of one customer are done', ['the job'], (scene) => newcomer(scene, 2));

export const twoJobsReplace = arrangement(
  'two jobs of one customer are done and the newer one counts',
  ['the job'],
  (scene) => newcomer(scene, 2),
  { policy: { overlap: 'replace' } },
);

const ofTwo = (...nouns: string[]): Rows[] =>
  ['customer', ...nouns].flatMap((noun) => [`the first ${noun}`, `the second ${noun}`] as Rows[]);

export const twoDueWithOneAddress = arrangement(
  'touches of two people with one address are due',
  ofTwo('enrollment', 'queue row'),
  async (scene) => {
    for (let person = 0; person < 2; person += 1) await enroll(scene, 24, { email: 'person-1@example.test' });
  },
);

export const twoSending = arrangement(
  'touches of two people are being sent',
  ofTwo('enrollment', 'queue row', 'message'),
  async (scene) => {
    for (let person = 0; person < 2; person += 1) await enroll(scene);
    await claim(scene);
  },
);

export const twoOverdue = arrangement(
  'two claims have not been reported in time, the later enrollment in the earlier claim',
  ofTwo('enrollment', 'queue row', 'message'),
  async (scene) => {
    await enroll(scene, 23.5);
    await enroll(scene);
    await claim(scene);
    minutes(scene.world, 30);
    await claim(scene);
    minutes(scene.world, 4);
  },
);

export const twoBlocked = arrangement(
  'the second touch of one person and the first of another wait for settings of the business',
  ofTwo('enrollment', 'queue row'),
  async (scene) => {
    await enroll(scene, 24, { phone: '+12125550101', consent: true });
    await claim(scene);
    await scene.settleAll();
    minutes(scene.world, 72 * 60);
    await enroll(scene);
    const settings = { postal_address: null, review_url: null };
    await scene.world.call('touchline.set_business($1, $2)', [scene.business.id, settings]);
    const { engine, now } = scene.world;
    await engine.store.claim({ worker: 'story', claimId: randomUUID(), limit: 10, now });
  },
  {
    touches: [
      { channel: 'email', delay_hours: 24 },
      { channel: 'sms', delay_hours: 72 },
    ],
  },
);

export const twoJobsOfTwo = arrangement(
  'jobs of two people with one address are done',
  [...ofTwo(), 'the job'],
  async (scene) => {
    for (let person = 1; person <= 2; person += 1) {
      const email = 'person-1@example.test';
      const customerId = await addCustomer(scene.business, { email });
      scene.people.push({ customerId, email, enrollmentId: '' });
      scene.jobs.push(await addJob(scene.business, customerId, { completed_at: later(scene.world.now, -24) }));
    }
  },
);

export const twoLanes = arrangement(
  'one customer has touches in two lanes and may get one message a day',
  [...enrolled, 'the first enrollment', 'the second enrollment'],
  async (scene) => {
    await scene.business.publish([{ channel: 'sms', delay_hours: 24 }], 'cleaning');
    await enroll(scene, 24, { phone: '+12125550101', consent: true });
    await enroll(scene, 24, { phone: '+12125550102', consent: true }, { service_type: 'cleaning' });
    // Enrolling refuses a second sequence; an earlier product did not.
    await scene.world.database.query(
      `with e as (update touchline.campaign_enrollments set customer_id = $3 where business_id = $1 and id = $2 returning job_id)
       update touchline.jobs j set customer_id = $3 from e where j.business_id = $1 and j.id = e.job_id`,
      [scene.business.id, scene.person(2).enrollmentId, scene.person(1).customerId],
    );
  },
  { touches: twoTouches.slice(0, 1), policy: { cap_messages_per_24h: 1 } },
);
