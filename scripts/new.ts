// Starts a file in the form the house expects:
//
//   npm run new function NAME    sql/functions/NAME.sql with its header, pinned search_path and grants
//   npm run new migration NAME   supabase/migrations/<14 digits>_NAME.sql, later than every other
//   npm run new decision NAME    docs/decisions/NNNN-NAME.md with the next number
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface NewFile {
  path: string;
  text: string;
}

const usage = 'Usage: npm run new function|migration|decision NAME';

/** The text of a new SQL function, which the tidy test accepts once its blanks are filled in. */
export function functionTemplate(name: string): NewFile {
  const text = `-- Purpose: <one sentence: what is true after a call>
-- Moves: <state → state, or none>
-- Locks: <tables in lock order, or none>
-- Raises: <TLnnn name, or none>
create or replace function touchline.${name}(p_business_id uuid, p_now timestamptz default null) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  null;
end
$$;

revoke all on function touchline.${name}(uuid, timestamptz) from public;
grant execute on function touchline.${name}(uuid, timestamptz) to touchline_worker;
`;
  return { path: `sql/functions/${name}.sql`, text };
}

/** Fourteen digits like Supabase's CLI makes them, moved on until they are later than every existing migration. */
export function nextStamp(existing: readonly string[], now: Date): string {
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14);
  const newest =
    existing
      .map((name) => name.slice(0, 14))
      .toSorted()
      .at(-1) ?? '';
  return stamp > newest ? stamp : String(BigInt(newest) + 1n);
}

/** The text of a new migration. */
export function migrationTemplate(name: string, existing: readonly string[], now: Date): NewFile {
  const text = `-- <One sentence: what changes, and why.>
set lock_timeout = '4s';

`;
  return { path: `supabase/migrations/${nextStamp(existing, now)}_${name}.sql`, text };
}

/** The text of a new decision page; its number follows the highest one in use. */
export function decisionTemplate(name: string, existing: readonly string[]): NewFile {
  const highest = existing.map((file) => Number.parseInt(file, 10) || 0).reduce((a, b) => Math.max(a, b), 0);
  const number = String(highest + 1).padStart(4, '0');
  const title = name.replaceAll('-', ' ');
  const text = `# ${number} ${title.charAt(0).toUpperCase()}${title.slice(1)}

## Context

## Decision

## What we gave up

## Measurement
`;
  return { path: `docs/decisions/${number}-${name}.md`, text };
}

const root = fileURLToPath(new URL('..', import.meta.url));

function listing(folder: string): string[] {
  return existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
}

function plan(kind: string | undefined, words: readonly string[]): NewFile | undefined {
  const snake = words.join('_').replaceAll('-', '_').toLowerCase();
  if (!/^[a-z][a-z0-9_]*$/.test(snake)) return undefined;
  if (kind === 'function') return functionTemplate(snake);
  if (kind === 'migration') return migrationTemplate(snake, listing('supabase/migrations'), new Date());
  if (kind === 'decision') return decisionTemplate(snake.replaceAll('_', '-'), listing('docs/decisions'));
  return undefined;
}

function main([kind, ...words]: readonly string[]): number {
  const file = plan(kind, words);
  if (file === undefined) {
    console.error(usage);
    return 2;
  }
  const path = join(root, file.path);
  if (existsSync(path)) {
    console.error(`${file.path} exists already. Choose another name or edit that file.`);
    return 1;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.text);
  console.log(file.path);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2));
