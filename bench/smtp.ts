// What of a mail client's speed is left when every mail is claimed with all guards, written down before and settled after?
//
//   npm run bench -- smtp [--quick]
//
// Both send the same mails over the same number of connections to a mail server in a process of its own, in turns: the worker
// with its SMTP sender on a real database, and nodemailer's pool with ready texts. On a machine of few cores the client, the mail
// server and Postgres share them: then what the database costs is missing at the others, and the ratio says so.
import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import type { Message } from '../src/engine/ports.ts';
import type { DkimKey } from '../src/senders/smtp.ts';
import { type Inbox, openInbox } from './smtp/inbox.ts';
import { runNodemailer, runWorker, type Way } from './smtp/senders.ts';
import { type CpuClock, serverCpuClockOf } from './support/cpu.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { type Report, type Rounds, record, timed } from './support/report.ts';
import { addCrowd, openLanes, touchMoments } from './throughput/crowd.ts';

const connections = 10;
const worker = 'worker: claim, render, hand over by SMTP, settle';
const alone = 'nodemailer alone: its pool, the same mails, ready';

class Findings {
  readonly rate: Rounds = new Map();
  readonly own: Rounds = new Map();
  readonly server: Rounds = new Map();
  readonly database: Rounds = new Map();
  readonly bytes: Rounds = new Map();

  print(report: Report, how: string): void {
    report.compare({ question: `mails per second, ${how}`, unit: '1/s', better: 'more' }, this.rate);
    report.compare({ question: `processor time of the client per mail, ${how}`, unit: 'µs', better: 'less' }, this.own);
    report.compare(
      { question: `processor time of the mail server per mail, ${how}`, unit: 'µs', better: 'less' },
      this.server,
    );
    report.compare({ question: `size of a mail, ${how}`, unit: 'bytes', better: 'less' }, this.bytes);
    if (this.database.size === 0) return;
    report.compare(
      { question: `processor time of Postgres per mail, ${how}`, unit: 'µs', better: 'less' },
      this.database,
    );
  }
}

interface Meters {
  inbox: Inbox;
  /** Of Postgres. */
  cpu: CpuClock;
}

async function measure(
  findings: Findings,
  rival: string,
  { inbox, cpu }: Meters,
  work: () => Promise<unknown>,
): Promise<number> {
  const databaseBefore = cpu();
  const before = await inbox.count();
  const cpuBefore = process.cpuUsage();
  const ms = await timed(work);
  const { user, system } = process.cpuUsage(cpuBefore);
  const after = await inbox.count();
  const databaseAfter = cpu();
  const mails = after.mails - before.mails;
  if (databaseBefore !== null && databaseAfter !== null) {
    record(findings.database, rival, (databaseAfter - databaseBefore) / mails);
  }
  record(findings.bytes, rival, (after.bytes - before.bytes) / mails);
  record(findings.rate, rival, (mails / ms) * 1000);
  record(findings.own, rival, (user + system) / mails);
  record(findings.server, rival, (after.cpuMicros - before.cpuMicros) / mails);
  return mails;
}

async function compareBoth(
  { client, url }: BenchDatabase,
  report: Report,
  inbox: Inbox,
  { due, dkim }: { due: number; dkim: DkimKey | undefined },
): Promise<void> {
  const crowd = await addCrowd(client, { businesses: 1, due, waiting: due });
  const way: Way = { server: inbox.server, dkim, connections };
  // Connections that end would take their processor time with them.
  const pool = new pg.Pool({ connectionString: url, max: 5, idleTimeoutMillis: 0 });
  const meters: Meters = { inbox, cpu: await serverCpuClockOf(client) };
  const how = dkim === undefined ? 'unsigned' : 'signed by DKIM';
  const [findings, uncounted] = [new Findings(), new Findings()];
  const moments = report.quick ? touchMoments.slice(0, 2) : touchMoments;
  let mails: Message[] = [];
  for (const [round, moment] of moments.entries()) {
    const into = round === 0 ? uncounted : findings;
    await openLanes(client, crowd, moment);
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    const sent = await measure(into, worker, meters, async () => {
      mails = await runWorker(pool, way, moment, due);
    });
    report.count(`${worker}, ${how}, round ${round}`, sent, due);
    const ready = mails;
    report.count(
      `${alone}, ${how}, round ${round}`,
      await measure(into, alone, meters, () => runNodemailer(way, ready)),
      due,
    );
  }
  await pool.end();
  findings.print(report, how);
}

export async function run(report: Report): Promise<void> {
  const due = report.quick ? 1000 : 10_000;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const dkim: DkimKey = { domain: 'brightwater.example', selector: 'touch', privateKey };
  await withBenchDatabase(
    async (database) => {
      const inbox = await openInbox();
      await report.conditions(
        database.client,
        `${due} mails a round to each, ${connections} connections, one worker process; the mail server is smtp-server`,
      );
      for (const key of [undefined, dkim]) await compareBoth(database, report, inbox, { due, dkim: key });
      inbox.close();
    },
    { virtualClock: true, fullPageImages: false },
  );
}
