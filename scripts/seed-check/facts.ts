// The small facts that statements of the seed are made of. A fact looks at the catalog and returns what differs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { listedValues } from '../gen-types.ts';
import type { Catalog } from './catalog.ts';

export type Fact = (catalog: Catalog) => string[];

/** The facts behind each statement, by its id in docs/seed-to-touchline.md. */
export type Statements = Record<string, readonly Fact[]>;

const root = fileURLToPath(new URL('../..', import.meta.url));

function compare(what: string, is: string | undefined, wanted: string): string[] {
  return is === wanted ? [] : [`${what} is ${is ?? 'missing'}, should be ${wanted}`];
}

/** A column's type with `not null` and default, as the catalog prints them. */
export function column(name: string, definition: string): Fact {
  return ({ columns }) => compare(name, columns.get(name), definition);
}

function allowed({ checks }: Catalog, name: string): string[] | undefined {
  return (checks.get(name) ?? []).map(listedValues).find((values) => values !== undefined);
}

/** The column's CHECK allows exactly these. */
export function values(name: string, wanted: string): Fact {
  return (catalog) => compare(`the list of ${name}`, allowed(catalog, name)?.join(' '), wanted);
}

/** The column's CHECK allows lowest to highest. */
export function range(name: string, lowest: number, highest: number): Fact {
  const bare = name.split('.')[1];
  const wanted = `((${bare} >= ${lowest}) AND (${bare} <= ${highest}))`;
  return ({ checks }) =>
    compare(
      `the CHECK of ${name}`,
      checks.get(name)?.find((check) => check === wanted),
      wanted,
    );
}

/** The table has a constraint that reads like this. */
export function constraint(table: string, definition: string): Fact {
  return ({ constraints }) =>
    constraints.some((found) => found.table === table && found.definition === definition)
      ? []
      : [`${table} has no constraint ${definition}`];
}

/** The foreign key over these columns leads there and does that when its target is deleted. */
export function foreignKey(table: string, columns: string, target: string, onDelete: string): Fact {
  const start = `FOREIGN KEY (${columns}) REFERENCES`;
  return ({ constraints }) => {
    const found = constraints.find((one) => one.table === table && one.definition.startsWith(start));
    return compare(
      `the key ${table} (${columns})`,
      found?.definition,
      `${start} touchline.${target} ON DELETE ${onDelete}`,
    );
  };
}

/** An index: `[UNIQUE ]table (columns)[ WHERE …]`. */
export function index(name: string, definition: string): Fact {
  return ({ indexes }) => compare(`index ${name}`, indexes.get(name), definition);
}

/** No index of the table has such a column in its key or predicate. */
export function noIndexOn(table: string, columns: RegExp): Fact {
  return ({ indexes }) =>
    [...indexes]
      .filter(([, definition]) => definition.replace('UNIQUE ', '').startsWith(`${table} `) && columns.test(definition))
      .map(([name]) => `index ${name} has such a column`);
}

/** The seed's four due indexes: made by the optional file, and not there before. */
export const dueIndexes: Fact = ({ indexes, dueIndexes: made }) =>
  [1, 2, 3, 4].flatMap((n) => {
    const name = `idx_enrollments_touch_${n}_due`;
    const predicate = `((status = 'active'::text) AND (current_touch = ${n}) AND (touch_${n}_sent_at IS NULL))`;
    const wanted = `campaign_enrollments (touch_${n}_scheduled_at) WHERE ${predicate}`;
    const present = indexes.has(name) ? [`${name} is there without having been asked for`] : [];
    return [...present, ...compare(`index ${name}, on request,`, made.get(name), wanted)];
  });

/** A trigger of the table calls the function at these events: `before update`. */
export function trigger(table: string, events: string, calls: string): Fact {
  return ({ triggers }) =>
    triggers.some((found) => found.table === table && found.calls === calls && found.events.includes(events))
      ? []
      : [`${table} has no trigger ${events} that calls ${calls}()`];
}

const list = (name: string): string => `(business_id = ANY (touchline.${name}_business_ids()))`;

/** The policies of a table, each verb with the list its rows are in: `select: readable`, and no others. */
export function policies(table: string, wanted: Record<string, string>): Fact {
  const condition = (words: string): string => {
    const [name = '', ...rest] = words.split(' ');
    return rest.length === 0 ? list(name) : `(${list(name)} AND (NOT is_preset))`;
  };
  return ({ policies: all }) => {
    const found = new Map(all.filter((policy) => policy.table === table).map((policy) => [policy.verb, policy]));
    const extra = [...found.keys()]
      .filter((verb) => !(verb in wanted))
      .map((verb) => `${table} has a policy for ${verb}`);
    const differing = Object.entries(wanted).flatMap(([verb, words]) => {
      const expected = condition(words);
      const policy = found.get(verb);
      const using =
        verb === 'insert' ? [] : compare(`the ${verb} policy of ${table}`, policy?.using ?? undefined, expected);
      const writes = verb === 'insert' || verb === 'update';
      const check = writes ? compare(`the check of ${table} at ${verb}`, policy?.check ?? undefined, expected) : [];
      return [...using, ...check];
    });
    return [...extra, ...differing];
  };
}

/** What signed-in people are granted on a table: each verb with its columns (`*`: the table), and no other verb. */
export function grants(table: string, wanted: Record<string, string>): Fact {
  return ({ grants: all }) =>
    ['select', 'insert', 'update', 'delete', 'truncate'].flatMap((verb) => {
      const is = all.get(`authenticated ${verb} ${table}`);
      const expected = wanted[verb];
      if (expected === undefined) return is === undefined ? [] : [`authenticated may ${verb} ${table}: ${is}`];
      return compare(`the grant of ${verb} on ${table}`, is, expected);
    });
}

export function rowSecurity(...tables: string[]): Fact {
  return ({ rowSecurity: all }) =>
    (tables.length > 0 ? tables : [...all.keys()])
      .filter((name) => all.get(name) !== true)
      .map((name) => `row level security is off on ${name}`);
}

/** These functions are there and the role executes them. */
export function executes(role: string, ...names: string[]): Fact {
  return ({ functions }) =>
    names
      .filter((name) => functions.get(name)?.includes(role) !== true)
      .map((name) => `${name}() is ${functions.has(name) ? `not executed by ${role}` : 'missing'}`);
}

/** The ledger has these names in this order, each under 14 digits of its own. */
export function migrations(...names: string[]): Fact {
  return ({ migrations: all }) => {
    const stamps = all.map((entry) => entry.slice(0, 14));
    const ours = all.map((entry) => entry.slice(15)).filter((name) => names.includes(name));
    const odd = stamps.filter((stamp, place) => !/^\d{14}$/.test(stamp) || stamps.indexOf(stamp) !== place);
    return [
      ...compare('the order of migrations', ours.join(' '), names.join(' ')),
      ...odd.map((stamp) => `version ${stamp} is not 14 digits of its own`),
    ];
  };
}

/** Files of these names are in supabase/migrations. */
export function migrationFiles(...names: string[]): Fact {
  return () => {
    const files = readdirSync(`${root}supabase/migrations`).map((file) => file.slice(15, -'.sql'.length));
    return names.filter((name) => !files.includes(name)).map((name) => `supabase/migrations has no …_${name}.sql`);
  };
}

/** docs/DATA_MODEL.md has a section for each of these tables. */
export function documented(...tables: string[]): Fact {
  return () => {
    const path = `${root}docs/DATA_MODEL.md`;
    const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
    return tables
      .filter((name) => !page.includes(`\n## \`${name}\`\n`))
      .map((name) => `docs/DATA_MODEL.md has no section ${name}`);
  };
}
