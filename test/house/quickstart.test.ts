// The quickstart as a newcomer runs it: the block of docs/quickstart.md, as written, in a shell beside a running program, in an empty
// folder. It must hold at any hour of the day.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/test-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'bin/touchline.js');
const page = readFileSync(join(root, 'docs/quickstart.md'), 'utf8');
const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the block of the page', () => {
  test('is one, has at most ten lines, and nothing that only one system knows', () => {
    expect(page.match(/```sh\n/g)).toHaveLength(1);
    expect(block.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    expect(block).not.toMatch(/\bdate\b|\bsed -i\b|\bgrep -P\b|readlink -f/);
  });

  test('is the one that the README shows', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`\`\`\`sh\n${block}\`\`\``);
  });
});

describe('run as written', () => {
  let folder: string;
  let env: Record<string, string>;
  let started: ChildProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(temporaryFolder(), 'touchline-quickstart-'));
    chmodSync(folder, 0o711);
    // As npm leaves it after an install.
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(program, join(folder, 'node_modules/.bin/touchline'));
    const settings = /^(?:DATABASE_URL|HOST|PUBLIC_URL|SMTP_URL|TOUCHLINE_.*|RESEND_.*|TWILIO_.*)$/;
    const rest = Object.entries(process.env).filter(([name]) => !settings.test(name));
    env = { ...(Object.fromEntries(rest) as Record<string, string>), PORT: String(await freePort()) };
    const path = join(folder, 'node_modules/.bin/touchline');
    started = spawn(path, ['start', '--no-demo'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    started.stderr?.resume();
    for await (const line of started.stdout ?? []) if (String(line).includes('is running at')) break;
  }, 240_000);

  afterAll(async () => {
    const gone = once(started, 'exit');
    if (started.exitCode === null && started.kill('SIGTERM')) await gone;
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a shell prints. */
  async function shell(script: string): Promise<{ code: unknown; out: string; err: string }> {
    const child = spawn('bash', ['-e', '-u', '-o', 'pipefail'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text.toString();
    });
    child.stdin.end(script);
    const [code] = await once(child, 'close');
    return { code, out, err };
  }

  test('it ends with the message in the mailbox', async () => {
    const ran = await shell(block);
    expect([ran.code, ran.err.match(/error|fail/i)], ran.err).toEqual([0, null]);
    expect(ran.out).toContain('"decision":"enrolled"');
    expect(ran.out).toContain('"recipient":"sam@example.com"');
    const listed = await shell('npx touchline mailbox --json');
    const { messages } = JSON.parse(listed.out) as { messages: { id: string; recipient: string; text: string }[] };
    expect(messages).toMatchObject([{ recipient: 'sam@example.com' }]);
    const shown = await shell(`npx touchline mailbox show ${messages[0]?.id ?? ''}`);
    expect(shown.out).toContain('To: sam@example.com');
    expect(shown.out).toContain('1 Main Street, Hudson, NY 12534');
  }, 300_000);
});
