// docs/errors.md: the table of src/errors.ts as a page.
import { requestTable } from '../src/errors/request.ts';
import { type ErrorRow, errorTable, postgresTable } from '../src/errors.ts';
import type { GeneratedFile } from './gen.ts';

const classes: [string, string][] = [
  ['TL1', 'who calls, and when'],
  ['TL2', 'who may'],
  ['TL3', 'state'],
  ['TL4', 'input'],
];

const introduction = `# Errors

Written by \`npm run gen\` from \`src/errors.ts\`. An expected outcome (a touch deferred or skipped, a job refused) is a value,
never an error. An error says what is wrong, why, and what to do; the words below are the general ones, and what is raised names
the case at hand.

* **SQL** raises the code as SQLSTATE, with *what* as the message, *why* as the detail and *what to do* as the hint.
* **HTTP** answers \`application/problem+json\` with the status and the name as \`code\`.
* **The command line** prints one line on stderr (with \`--json\` the name as \`code\`) and ends with the exit code: 1 failed, 2
  written wrongly, 3 refused by a guard.`;

const postgresIntroduction = `## Errors of Postgres itself

What Postgres says of a failed statement may hold a person's data ("Failing row contains …"). So its message, detail and hint
never go further than its own log; people get these words, with the name of the rule where there is one. Two characters stand for
a whole class of SQLSTATEs. Any other is \`database_error\` (HTTP 500, exit code 1), and an error that comes from elsewhere is
\`unexpected\` (the same).`;

const requestIntroduction = `## Errors of an HTTP request

What is wrong with a request before anything is done. An answer of the [API](api.md) names each place in \`errors\`.`;

function requestErrors(): string[] {
  return Object.values<ErrorRow>(requestTable).map(
    ({ name, status, what, why, fix }) => `### \`${name}\`\n\n${what} ${why}\n\n* What to do: ${fix}\n* HTTP ${status}`,
  );
}

function section(code: string, { name, status, exitCode, what, why, fix }: ErrorRow): string {
  return `### ${code} \`${name}\`\n\n${what} ${why}\n\n* What to do: ${fix}\n* HTTP ${status}, exit code ${exitCode}`;
}

function ownErrors(): string[] {
  return classes.flatMap(([prefix, title]) => [
    `## ${prefix}xx: ${title}`,
    ...Object.entries(errorTable)
      .filter(([code]) => code.startsWith(prefix))
      .map(([code, row]) => section(code, row)),
  ]);
}

function postgresErrors(): string {
  const rows = [...new Set(Object.values(postgresTable).map(({ name }) => name))].map((name) =>
    Object.entries(postgresTable).filter(([, row]) => row.name === name),
  );
  const lines = rows.flatMap((entries) =>
    entries.slice(0, 1).map(([, { name, status, exitCode, what, why, fix }]) => {
      const codes = entries.map(([code]) => `\`${code}\``).join(' ');
      return `| \`${name}\` | ${codes} | ${what} ${why} ${fix} | ${status} | ${exitCode} |`;
    }),
  );
  return ['| name | SQLSTATE | words | HTTP | exit code |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** Generator of the page. */
export function generate(): GeneratedFile[] {
  const text = [
    introduction,
    ...ownErrors(),
    requestIntroduction,
    ...requestErrors(),
    postgresIntroduction,
    postgresErrors(),
  ].join('\n\n');
  return [{ path: 'docs/errors.md', text: `${text}\n` }];
}
