import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { EmbeddedPostgresError } from './problem.ts';

/** The account the server runs as when Touchline itself runs as root, which Postgres refuses for itself. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const preferredNames = ['postgres', 'node', 'nobody'];

/** Whether this process is root and must hand the server to another account. */
export function runsAsRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The name of the account this process runs as, for messages. */
export function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? 'unknown');
  }
}

/**
 * Chooses the server's account. `null`: the account this process runs as.
 *
 * @param folderOwner uid that owns the data folder, if that exists; an owner other than root is preferred
 * @throws EmbeddedPostgresError `no_account` when root finds none, or when our own uid has no entry (initdb needs one)
 */
export function serverAccount(folderOwner?: number): Account | null {
  if (!runsAsRoot()) {
    requireOwnEntry();
    return null;
  }
  const accounts = readAccounts();
  const owner = folderOwner === 0 ? undefined : accounts.find((account) => account.uid === folderOwner);
  if (owner !== undefined) return owner;
  for (const name of preferredNames) {
    const account = accounts.find((candidate) => candidate.name === name);
    if (account !== undefined) return account;
  }
  throw new EmbeddedPostgresError(
    'no_account',
    `Postgres refuses to run as root, and none of the accounts ${preferredNames.join(', ')} exists. Start Touchline as an ordinary user, or set DATABASE_URL.`,
  );
}

function requireOwnEntry(): void {
  if (process.platform === 'win32') return;
  try {
    userInfo();
  } catch (error) {
    throw new EmbeddedPostgresError(
      'no_account',
      `The uid ${process.geteuid?.()} has no entry in /etc/passwd, which the embedded Postgres needs. Run as an account with a name, or set DATABASE_URL.`,
      error,
    );
  }
}

function readAccounts(): Account[] {
  const accounts: Account[] = [];
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    const account = { name: name ?? '', uid: Number(uid), gid: Number(gid) };
    // Negative and huge ids (macOS's nobody is -2) cannot be handed to spawn.
    if (account.uid > 0 && account.uid < 2 ** 31 && account.gid >= 0 && account.gid < 2 ** 31) accounts.push(account);
  }
  return accounts;
}
