// How fast does the API answer 50 clients that ask for lists and people, and complete jobs?
//
//   npm run bench -- http [--quick]
//
// The installed program in a process of its own, without a worker, on a database with messages in its mailbox; the clients are
// in this one. Either each asks again as soon as it was answered, or four times a second. They share the machine's cores with
// the program and its database.
import { randomBytes } from 'node:crypto';
import { addApiKey } from '../src/db/call/keys.ts';
import { withRole } from '../src/db/client.ts';
import { apiKeyFrom } from '../src/domain/api-key.ts';
import { type Asked, askAll, type Crowd } from './http/clients.ts';
import { fillHistory, idAt, numberAt } from './reads/history.ts';
import { type BenchDatabase, withBenchDatabase } from './support/database.ts';
import { install } from './support/program.ts';
import { quantile, type Report, type Rounds, record } from './support/report.ts';

interface Route {
  name: string;
  next(number: number): Asked;
}

const clients = 50;

async function keyOf({ connect }: BenchDatabase, businessId: string): Promise<string> {
  const { key, hash, prefix, last4 } = apiKeyFrom(randomBytes(32));
  await withRole(connect(1), { role: 'service_role' }, (client) =>
    addApiKey(client, businessId, { name: 'bench', hash, prefix, last4, scopes: ['read', 'write'] }),
  );
  return key;
}

/** Lists from any depth, people, and jobs of new customers. */
async function routesOf(database: BenchDatabase, messages: number): Promise<Route[]> {
  const history = await fillHistory(database.client, messages);
  const key = await keyOf(database, history.giant);
  const headers = { Authorization: `Bearer ${key}` };
  const { rows } = await database.client.query<{ place: string }>(
    `select (extract(epoch from accepted_at) * 1000000)::bigint || '.' || send_log_id || '.1' as place
     from touchline.mailbox_messages where business_id = $1 order by accepted_at desc limit 200 offset 20`,
    [history.giant],
  );
  let jobs = 0;
  return [
    {
      name: 'GET /api/v1/mailbox, 20 rows',
      next: (number) => {
        const place = rows[number % (rows.length + 1)]?.place;
        const cursor = place === undefined ? '' : `?cursor=${Buffer.from(place).toString('base64url')}`;
        return { path: `/api/v1/mailbox${cursor}`, status: 200, init: { headers } };
      },
    },
    {
      name: 'GET /api/v1/enrollments/{id}',
      next: (number) => ({
        path: `/api/v1/enrollments/${idAt(3, numberAt(history, (number % 100) / 100))}`,
        status: 200,
        init: { headers },
      }),
    },
    {
      name: 'POST /api/v1/jobs, of a new customer',
      next: () => {
        jobs += 1;
        const customer = { external_id: `new-${jobs}`, first_name: 'Ann', email: `new-${jobs}@example.com` };
        const body = JSON.stringify({ external_id: `new-${jobs}`, service_type: 'plumbing', customer });
        const post = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body };
        return { path: '/api/v1/jobs', status: 201, init: post };
      },
    },
  ];
}

class Findings {
  readonly median: Rounds = new Map();
  readonly worst: Rounds = new Map();
  readonly rate: Rounds = new Map();

  print(report: Report, how: string): void {
    report.compare({ question: `median answer, ${how}`, unit: 'ms', better: 'less' }, this.median);
    report.compare({ question: `99th percentile, ${how}`, unit: 'ms', better: 'less' }, this.worst);
    report.compare({ question: `answers per second, ${how}`, unit: '1/s', better: 'more' }, this.rate);
  }
}

export async function run(report: Report): Promise<void> {
  const [messages, rounds, requests] = report.quick ? [3000, 1, 100] : [100_000, 3, 3000];
  const crowds: Record<string, Crowd> = {
    'each asks four times a second': { clients, requests, pauseMs: 250 },
    'each asks without a pause': { clients, requests, pauseMs: 0 },
  };
  await withBenchDatabase(async (database) => {
    const routes = await routesOf(database, messages);
    await report.conditions(
      database.client,
      `${messages} messages; ${clients} clients, ${requests} requests of a kind in a round`,
    );
    const program = install();
    const server = await program.start(['serve', '--no-demo'], { DATABASE_URL: database.url });
    try {
      for (const [how, crowd] of Object.entries(crowds)) {
        const findings = new Findings();
        for (let round = 0; round <= rounds; round += 1) {
          for (const { name, next } of routes) {
            const { times, right, ms } = await askAll(server.url, next, crowd);
            report.count(`${name}: answered`, right, times.length);
            // The first round opens the connections.
            if (round === 0) continue;
            record(findings.median, name, quantile(times, 0.5));
            record(findings.worst, name, quantile(times, 0.99));
            record(findings.rate, name, (times.length / ms) * 1000);
          }
        }
        findings.print(report, how);
      }
    } finally {
      await server.stop();
      program.remove();
    }
  });
}
