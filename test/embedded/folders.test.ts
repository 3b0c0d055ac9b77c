// Where the data may live and who runs the server there: root, root in a closed home, an ordinary user.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runsAsRoot, serverAccount } from '../../src/embedded/account.ts';
import { firstClosedFolder, openDataDir } from '../../src/embedded/data-dir.ts';
import { processIdentity } from '../../src/embedded/process-identity.ts';
import { compiledCopy, killHard, type Program, runStarter, scratchFolder } from './program.ts';

const asRoot = runsAsRoot();
const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };
// Root's own Node may itself lie in a closed home; then no other user can run this test's program.
const othersCanRun =
  asRoot && firstClosedFolder(nobody, process.execPath.slice(0, -basename(process.execPath).length)) === null;

let scratch: ReturnType<typeof scratchFolder>;
let copy: string;
const programs: Program[] = [];

beforeAll(() => {
  scratch = scratchFolder();
  copy = compiledCopy(scratch.folder);
});
afterEach(() => {
  for (const program of programs.splice(0)) program.process.kill('SIGKILL');
});
afterAll(() => {
  scratch.remove();
  // The runnable copy that the user without a home got: lasting by design, but not after a test.
  for (const name of readdirSync('/tmp')) {
    if (/^touchline-postgres-.*-65534$/.test(name)) rmSync(join('/tmp', name), { recursive: true, force: true });
  }
});

function run(...args: Parameters<typeof runStarter>): Program {
  const program = runStarter(...args);
  programs.push(program);
  return program;
}

function folderFor(name: string, mode: number, owner?: { uid: number; gid: number }): string {
  const folder = join(scratch.folder, name);
  mkdirSync(folder);
  chmodSync(folder, mode);
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the data folder', () => {
  it('keeps the password and the data from other users, says once what it is for, and leaves no process', async () => {
    const dataDir = join(scratch.folder, 'private');
    const program = run({ dataDir });
    const { pid, url } = await program.answer();
    await program.leave();
    expect(modeOf(join(dataDir, 'cluster/password'))).toBe(0o600);
    expect(modeOf(join(dataDir, 'cluster'))).toBe(0o700);
    expect(modeOf(join(dataDir, 'cluster/data'))).toBe(0o700);
    expect(modeOf(join(dataDir, 'server.log'))).toBe(0o600);
    expect(readFileSync(join(dataDir, 'cluster/data/pg_hba.conf'), 'utf8')).not.toMatch(/^[^#]*\btrust\b/m);
    expect(url).toContain(readFileSync(join(dataDir, 'cluster/password'), 'utf8').trim());
    expect(program.said()).toMatch(/^Embedded Postgres started in .* small installs: set DATABASE_URL/);
    expect(processIdentity(pid)).toBeNull();
  });

  it('with a half-made cluster in it is made anew', async () => {
    const dataDir = join(scratch.folder, 'half-made');
    const victim = run({ dataDir });
    while (!existsSync(dataDir) || !readdirSync(dataDir).some((name) => name.startsWith('making-'))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await killHard(victim);
    expect(existsSync(join(dataDir, 'cluster'))).toBe(false);
    const program = run({ dataDir });
    expect(await program.answer()).toMatchObject({ started: true });
    await program.leave();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('making-'))).toEqual([]);
  });

  it('made by another major version, or holding something else, is refused and left alone', async () => {
    const dataDir = join(scratch.folder, 'foreign');
    mkdirSync(join(dataDir, 'cluster/data'), { recursive: true });
    writeFileSync(join(dataDir, 'cluster/notes'), 'precious');
    expect(await run({ dataDir }).failure()).toMatchObject({ code: 'server_failed' });
    writeFileSync(join(dataDir, 'cluster/password'), '');
    writeFileSync(join(dataDir, 'cluster/data/PG_VERSION'), '16\n');
    const { code, message } = await run({ dataDir }).failure();
    expect(code).toBe('version_mismatch');
    expect(message).toContain('made by PostgreSQL 16, the embedded one is 17');
    expect(readFileSync(join(dataDir, 'cluster/notes'), 'utf8')).toBe('precious');
  });
});

describe('root', () => {
  it.runIf(asRoot)('is told folder, account and cure when the chosen folder lies in a closed home', () => {
    const home = folderFor('closed-home', 0o700);
    const account = serverAccount()?.name;
    expect(() => openDataDir(join(home, 'app/data'), () => undefined)).toThrow(
      `The account "${account}", which runs the database because Postgres refuses to run as root, cannot reach the data folder ${home}/app/data: ` +
        `${home} is closed to it. Set TOUCHLINE_DATA_DIR to a folder it can reach (such as /var/lib/touchline/data), or open the way: chmod o+x ${home}`,
    );
  });

  it.runIf(asRoot)(
    'with the program itself in a closed home gets its data in /var/lib/touchline, and is told so',
    async () => {
      const home = folderFor('program-home', 0o700);
      const program = run({}, { copy: compiledCopy(home), as: { cwd: home } });
      const { dataDir } = await program.answer();
      try {
        await program.leave();
        expect(dataDir).toMatch(/^\/var\/lib\/touchline\/[0-9a-f]{12}$/);
        expect(program.said()).toContain(`Data folder: ${dataDir} (the account "${serverAccount()?.name}"`);
        expect(program.said()).toContain(`cannot reach ${home}/.touchline)`);
        expect(existsSync(join(home, '.touchline'))).toBe(false);
      } finally {
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
  );

  it.runIf(othersCanRun)("in a user's folder runs the server as that user, who can go on alone", async () => {
    const dataDir = folderFor('users-own', 0o700, nobody);
    const root = run({ dataDir });
    const first = await root.answer();
    expect(statSync(`/proc/${first.pid}`).uid).toBe(nobody.uid);
    const user = run({ dataDir }, { copy, as: nobody });
    expect(await user.answer()).toMatchObject({ pid: first.pid, started: false });
    await root.leave();
    await user.leave();
    const again = run({ dataDir }, { copy, as: nobody });
    expect(await again.answer()).toMatchObject({ started: true });
    await again.leave();
  });
});

describe('an ordinary user', () => {
  it.runIf(othersCanRun)('needs neither links nor write access in the installed package', async () => {
    const cwd = folderFor('user-cwd', 0o755, nobody);
    const program = run({}, { copy, as: { cwd, ...nobody } });
    const { dataDir, pid } = await program.answer();
    expect(dataDir).toBe(join(cwd, '.touchline'));
    expect(modeOf(dataDir)).toBe(0o700);
    expect(statSync(`/proc/${pid}`).uid).toBe(nobody.uid);
    await program.leave();
    expect(processIdentity(pid)).toBeNull();
  });

  it.runIf(othersCanRun)('is told folder, account and cure when the folder is not theirs', async () => {
    const cwd = folderFor('not-theirs', 0o755);
    const { code, message } = await run({}, { copy, as: { cwd, ...nobody } }).failure();
    expect(code).toBe('data_dir_unreachable');
    expect(message).toContain('The account "nobody" cannot use the data folder');
    expect(message).toContain(join(cwd, '.touchline'));
    expect(message).toContain('set TOUCHLINE_DATA_DIR to a folder that this account may write');
  });
});
