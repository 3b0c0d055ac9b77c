// Rules about sql/ and supabase/migrations: a reader must find a function by its name and trust its header.
import { posix } from 'node:path';
import { file, type Rule } from './rule.ts';
import { codeOnly, matches, type SourceFile, withoutComments } from './source-file.ts';

const isFunctionFile = ({ path }: SourceFile): boolean => path.startsWith('sql/functions/') && path.endsWith('.sql');
const isSql = ({ path }: SourceFile): boolean => /^(?:sql|supabase)\/.*\.sql$/.test(path) && !/snapshot/.test(path);
const nameOf = (path: string): string => posix.basename(path, '.sql');

const header = ['-- Purpose: says so.', '-- Moves: none', '-- Locks: customers, touch_queue', '-- Raises: none'];
const statement = [
  'create or replace function touchline.stop_all(p_now timestamptz) returns void',
  'language plpgsql volatile',
  "set search_path = ''",
  'as $$',
  'begin null; end',
  '$$;',
];
const grants = ['revoke all on function touchline.stop_all(timestamptz) from public;'];
const good = file('sql/functions/stop_all.sql', ...header, ...statement, '', ...grants);

/** The good example with one text replaced: what a rule must catch. */
function spoiled(from: string | RegExp, to: string): SourceFile {
  return { path: good.path, text: good.text.replace(from, to) };
}

const definitionPattern = /^create (?:or replace )?(?:function|procedure) (?:touchline\.)?(\w+)/gm;

const oneFunction: Rule = {
  name: 'a file of sql/functions creates one function, named like the file',
  why: 'The name is how a function is found, and one per file is how a change is reviewed.',
  fix: 'Give each function `sql/functions/<name>.sql` with one `create or replace function touchline.<name>(…)`: npm run new function NAME.',
  check: (files) =>
    files.filter(isFunctionFile).flatMap((source) => {
      const names = [...withoutComments(source).matchAll(definitionPattern)].map((match) => match[1]);
      const orReplace = withoutComments(source).includes(
        `create or replace function touchline.${nameOf(source.path)}(`,
      );
      return names.length === 1 && orReplace ? [] : [`${source.path} creates ${names.join(', ') || 'nothing'}`];
    }),
  caught: [
    [spoiled('touchline.stop_all(p_now', 'touchline.stop_one(p_now')],
    [{ path: good.path, text: good.text + good.text }],
    [spoiled('or replace ', '')],
  ],
  allowed: [[good]],
};

const headerPattern =
  /^-- Purpose: \S(?:.*\n-- )*.*\n-- Moves: \S(?:.*\n-- (?!Locks:))*.*\n-- Locks: \S(?:.*\n-- (?!Raises:))*.*\n-- Raises: \S/;

const headers: Rule = {
  name: 'a SQL function begins with Purpose, Moves, Locks and Raises',
  why: 'These four are what a caller must know and cannot see: the state it changes, what it waits for, how it refuses.',
  fix: 'Begin the file with the four comment lines in this order, `none` where there is none, and no <blanks> left: npm run new function NAME shows them.',
  check: (files) =>
    files
      .filter(isFunctionFile)
      .filter(({ text }) => !headerPattern.test(text) || /^-- \w+: </m.test(text))
      .map(({ path }) => `${path} has no complete header`),
  caught: [
    [spoiled('-- Moves: none\n', '')],
    [spoiled('-- Raises: none', '-- Raises:')],
    [spoiled('says so.', '<one sentence>')],
    [spoiled('-- Purpose', '\n-- Purpose')],
  ],
  allowed: [[good], [spoiled('says so.', 'says\n-- so, over two lines.')]],
};

const headerLine = (text: string, label: string): string =>
  new RegExp(`^-- ${label}: ((?:.*\\n-- (?!(?:Purpose|Moves|Locks|Raises): ))*.*)`, 'm').exec(text)?.[1] ?? '';

const raises: Rule = {
  name: 'a SQL function lists every TL code it raises',
  why: 'A caller maps codes to answers from the header; one that is missing becomes a 500.',
  fix: 'Add `TLnnn name` to the Raises line, or remove the raise.',
  check: (files) =>
    files.filter(isFunctionFile).flatMap((source) => {
      const raised = new Set(withoutComments(source).match(/\bTL\d{3}\b/g) ?? []);
      const listed = headerLine(source.text, 'Raises');
      return [...raised].filter((code) => !listed.includes(code)).map((code) => `${source.path} raises ${code}`);
    }),
  caught: [[spoiled('begin null;', "begin raise exception 'no' using errcode = 'TL201';")]],
  allowed: [[good], [spoiled('Raises: none', 'Raises: TL201 not_found'), spoiled('null;', '-- TL201\nnull;')]],
};

const lockOrder = ['business_dispatch', 'campaigns', 'customers', 'campaign_enrollments', 'touch_queue', 'send_logs'];

// Whoever makes work due tells the lanes as its last statement, SKIP LOCKED: a lock that is never waited for cannot deadlock.
const neverWaits = /; business_dispatch last \(SKIP LOCKED\)/;

const locks: Rule = {
  name: 'locks are listed in the one lock order',
  why: 'Two functions that lock the same tables in different orders deadlock, sooner or later.',
  fix: `Lock and list them in this order: ${lockOrder.join(' → ')}.`,
  check: (files) =>
    files.filter(isFunctionFile).flatMap(({ path, text }) => {
      const listed = headerLine(text, 'Locks').replace(neverWaits, '');
      const places = lockOrder.map((table) => listed.search(new RegExp(`\\b${table}\\b`)));
      const found = places.filter((place) => place >= 0);
      return found.every((place, index) => index === 0 || place > (found[index - 1] ?? 0)) ? [] : [path];
    }),
  caught: [
    [spoiled('customers, touch_queue', 'touch_queue, customers')],
    [spoiled('customers, touch_queue', 'customers, touch_queue; business_dispatch last')],
  ],
  allowed: [
    [good],
    [spoiled('customers, touch_queue', 'none')],
    [spoiled('customers, touch_queue', 'customers, touch_queue; business_dispatch last (SKIP LOCKED)')],
  ],
};

// The options of a function stand before its body, which begins with `as $…$`, `begin atomic` or `return`.
const functionOptions =
  /^create (?:or replace )?function ([\w.]+)\s*\(([\s\S]*?)(?:\bas \$|\bas\s*'|\bbegin atomic\b|;)/gm;

const searchPath: Rule = {
  name: "every SQL function says set search_path = ''",
  why: 'Without it, whoever may create objects in a schema on the path can put their own code inside ours.',
  fix: "Add `set search_path = ''` and qualify every name in the body.",
  check: (files) =>
    files
      .filter(isSql)
      .flatMap((source) =>
        [...withoutComments(source).matchAll(functionOptions)]
          .filter(([options]) => !/set search_path (?:=|to) ''/.test(options))
          .map(([, name]) => `${source.path}: ${name}`),
      ),
  caught: [
    [spoiled("set search_path = ''", '')],
    [spoiled("= ''", '= public')],
    [spoiled('set search', '-- set search')],
  ],
  allowed: [[good]],
};

const revoked: Rule = {
  name: 'every function file revokes its function from public',
  why: 'Postgres lets everybody execute a new function, and Supabase would publish it as an endpoint.',
  fix: 'End the file with `revoke all on function touchline.<name>(…) from public;` and grant to the roles that need it.',
  check: (files) =>
    files
      .filter(isFunctionFile)
      .filter((source) => {
        const revoke = `revoke (?:all|execute) on function touchline\\.${nameOf(source.path)}\\b[^;]*\\bfrom\\s[^;]*\\bpublic\\b`;
        return !new RegExp(revoke).test(codeOnly(source));
      })
      .map(({ path }) => path),
  caught: [
    [spoiled(/revoke.*\n/, '')],
    [spoiled('from public', 'from anon')],
    [spoiled('revoke all', '-- revoke all')],
  ],
  allowed: [[good]],
};

const length: Rule = {
  name: 'a SQL function has at most 150 lines',
  why: 'It runs in one transaction and must be understood in one sitting.',
  fix: 'Move a part with a name of its own into a function of its own.',
  check: (files) =>
    files
      .filter(isFunctionFile)
      .map(({ path, text }) => ({
        path,
        lines: (/^create or replace[\s\S]*^\$\w*\$;/m.exec(text)?.[0] ?? '').split('\n').length,
      }))
      .filter(({ lines }) => lines > 150)
      .map(({ path, lines }) => `${path}: ${lines} lines`),
  caught: [[spoiled('begin null;', `begin${'\n  null;'.repeat(150)}`)]],
  allowed: [[good], [spoiled('-- Raises', `${'-- more\n'.repeat(160)}-- Raises`)]],
};

/** Constants, and what runs for a person's page of settings, once a minute, a day or a restore. */
const plannedAnew = new Set([
  ...['allowed_values', 'consent_answer', 'event_effects', 'event_rank', 'has_virtual_clock', 'hours_of', 'ids_before'],
  ...['installation_id', 'kept_since', 'old_enrollments', 'old_jobs', 'old_messages', 'open_doubts', 'retention'],
  ...['safe_mode', 'touch_measures', 'waiting_jobs'],
]);

const keptPlans: Rule = {
  name: 'a SQL function is of language plpgsql',
  why: 'PostgreSQL before 18 plans the body of an SQL function that sets search_path at every call: half of the time of a page was that.',
  fix: 'Write it in PL/pgSQL with `return query` (docs/decisions/0017-plans-that-stay.md), or list it as one that is seldom called.',
  check: (files) =>
    files
      .filter(isFunctionFile)
      .filter((source) => /^language sql\b/m.test(withoutComments(source)) && !plannedAnew.has(nameOf(source.path)))
      .map(({ path }) => path),
  caught: [[spoiled('language plpgsql', 'language sql')]],
  allowed: [[good], [file('sql/functions/safe_mode.sql', 'language sql stable')]],
};

const notCompiled: Rule = {
  name: 'a SQL function that forbids a way of reading forbids JIT as well',
  why: 'Before PostgreSQL 18 a forbidden scan that is the only way costs ten thousand millions, and what costs so much is compiled anew at every call.',
  fix: 'Add `set jit = off` beside it (docs/decisions/0019-no-jit-where-scans-are-forbidden.md).',
  check: (files) =>
    files
      .filter(isFunctionFile)
      .filter(({ text }) => /^set enable_\w+ = off$/m.test(text) && !/^set jit = off$/m.test(text))
      .map(({ path }) => path),
  caught: [[spoiled("set search_path = ''", "set search_path = ''\nset enable_seqscan = off")]],
  allowed: [[good], [spoiled("set search_path = ''", "set search_path = ''\nset enable_seqscan = off\nset jit = off")]],
};

const keywords =
  /\b(?:SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|CREATE|ALTER|DROP|TABLE|FUNCTION|RETURNS|BEGIN|END|IF|THEN|ELSE|RETURN|DECLARE|GRANT|REVOKE|INTO|VALUES|SET|JOIN|AND|OR|NOT NULL)\b/g;

const lowerCase: Rule = {
  name: 'SQL keywords are lower case',
  why: 'One spelling everywhere reads quietly and can be searched.',
  fix: 'Write the keyword in lower case.',
  check: (files) => files.filter(isSql).flatMap((source) => matches(source.path, codeOnly(source), keywords)),
  caught: [[file('sql/views/a.sql', 'SELECT 1;')], [spoiled('begin null', 'BEGIN null')]],
  allowed: [[good], [file('sql/views/a.sql', "select 'SELECT'; -- SELECT")]],
};

const migrationNames: Rule = {
  name: 'migrations are named <14 unique digits>_<what_it_does>.sql',
  why: 'The Supabase CLI keys its ledger on the digits: a second file with the same ones fails half-way through a push.',
  fix: 'npm run new migration NAME makes a free stamp.',
  check: (files) => {
    const paths = files.map(({ path }) => path).filter((path) => path.startsWith('supabase/migrations/'));
    const stamps = paths.map((path) => posix.basename(path).slice(0, 14));
    return paths.filter(
      (path, index) => !/\/\d{14}_[a-z][a-z0-9_]*\.sql$/.test(path) || stamps.indexOf(stamps[index] ?? '') !== index,
    );
  },
  caught: [
    [file('supabase/migrations/20260204_create.sql', '')],
    [file('supabase/migrations/20260204000100_a.sql', ''), file('supabase/migrations/20260204000100_b.sql', '')],
  ],
  allowed: [
    [file('supabase/migrations/20260204000100_a.sql', ''), file('supabase/migrations/20260204000200_b.sql', '')],
  ],
};

export const sqlRules = [
  oneFunction,
  headers,
  raises,
  locks,
  searchPath,
  revoked,
  length,
  keptPlans,
  notCompiled,
  lowerCase,
  migrationNames,
];
