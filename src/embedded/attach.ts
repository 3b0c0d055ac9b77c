import { unlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Cluster, clusterUrl } from './cluster.ts';
import { judgePid, postmasterFile, readPostmaster } from './postmaster.ts';
import { EmbeddedPostgresError, errorCode } from './problem.ts';

/** A server that answers, with the database `touchline` in it. */
export interface RunningServer {
  url: string;
  pid: number;
  port: number;
}

const database = 'touchline';
const pollMs = 20;
const talkAfterMs = 5_000;
const giveUpAfterMs = 300_000;
const emptyFileMs = 2_000;

// Codes that pass by themselves: starting up or shutting down, too many connections, not listening yet or any more.
const passing = new Set(['57P03', '57P01', '53300', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE']);

/**
 * Connects to the cluster's running server, waiting while it starts, recovers or stops. `null`: none runs, and nothing
 * stands in the way of starting one. Call it with the folder's lock held, because it removes a misleading postmaster.pid.
 *
 * @throws EmbeddedPostgresError `server_failed` when a living server does not answer within five minutes
 */
export async function attach(cluster: Cluster, say: (line: string) => void): Promise<RunningServer | null> {
  const began = performance.now();
  let talked = false;
  for (;;) {
    const answer = await tryAttach(cluster, performance.now() - began);
    if (answer !== 'wait') return answer;
    const waited = performance.now() - began;
    if (waited > giveUpAfterMs) {
      throw new EmbeddedPostgresError(
        'server_failed',
        `The embedded Postgres in ${cluster.folder} runs, but has not answered for ${giveUpAfterMs / 60_000} minutes. Its log: ${cluster.logFile}`,
      );
    }
    if (waited > talkAfterMs && !talked) {
      say(`Waiting for the embedded Postgres in ${cluster.folder} to become ready (its log: ${cluster.logFile}) …`);
      talked = true;
    }
    await sleep(pollMs);
  }
}

async function tryAttach(cluster: Cluster, waitedMs: number): Promise<RunningServer | null | 'wait'> {
  const file = readPostmaster(cluster.pgData);
  if (file === null) return null;
  if (file.pid === null) return waitedMs < emptyFileMs ? 'wait' : removeFile(cluster);
  const who = judgePid(file.pid, cluster.pgData);
  // Postgres itself sees through a pid that is gone; let it, because it also looks for the dead server's children.
  if (who === 'gone') return null;
  if (who === 'corpse') return removeFile(cluster);
  const answer = file.port === null ? 'silent' : await connects(cluster, file.port);
  if (answer === 'ours' && file.port !== null)
    return { url: clusterUrl(cluster, file.port, database), pid: file.pid, port: file.port };
  if (who === 'stranger') return removeFile(cluster);
  if (answer === 'denied' && who === 'server') throw passwordDenied(cluster);
  return 'wait';
}

/** Postgres would take the pid for a living server and refuse to start. */
function removeFile(cluster: Cluster): null {
  try {
    unlinkSync(postmasterFile(cluster.pgData));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return null;
}

function passwordDenied(cluster: Cluster): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'server_failed',
    `The embedded Postgres does not accept the password in ${cluster.passwordFile}. Restore that file, or set the password in it with: alter role postgres password '…'.`,
  );
}

/** Whether the server at the port knows our random password, so that it is ours; makes the database if it is missing. */
async function connects(cluster: Cluster, port: number): Promise<'ours' | 'silent' | 'denied'> {
  try {
    await runOnce(clusterUrl(cluster, port, database), 'select 1');
    return 'ours';
  } catch (error) {
    if (errorCode(error) === '3D000') {
      await runOnce(clusterUrl(cluster, port, 'postgres'), `create database ${database}`);
      return 'ours';
    }
    if (passing.has(errorCode(error) ?? 'ETIMEDOUT')) return 'silent';
    if (errorCode(error) === '28P01') return 'denied';
    throw error;
  }
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 5_000 });
  // A server that stops between two answers reports it here as well as in the failing call.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}
