// The table of failures: what each means (class), what is done about it (action), and where the message is then (state; asked of the
// database's own judgement).
import type { OutcomeKind } from '../../src/engine/ports.ts';
import type { TestDatabase } from '../support/database.ts';
import { type Failure, failures } from './failures.ts';

const evidence: Readonly<Record<Failure['sender'], string>> = {
  resend: 'the same request again, with its key',
  twilio: 'callback, or look-up in the list',
  smtp: 'none: the policy of the business',
  mailbox: 'none: the policy of the business',
  memory: 'none: the policy of the business',
};

function actionOf({ sender, kind, what }: Failure): string {
  const actions: Partial<Record<OutcomeKind, string>> = {
    accepted: 'the provider’s id is kept',
    rejected: what.includes('opted out') ? 'the opt-out is recorded' : 'none',
    retry: 'again later, an attempt is counted',
    rate_limited: 'the account waits, no attempt is counted',
    account_error: 'the account pauses, no attempt is counted',
    ambiguous: `evidence: ${evidence[sender]}`,
    not_started: 'again at once, no attempt is counted',
  };
  return actions[kind] ?? '';
}

/** Plain text and Markdown at once. */
export async function tableOfFailures(database: TestDatabase): Promise<string[]> {
  const kinds = [...new Set(failures.map(({ kind }) => kind))];
  const { rows } = await database.query<{ kind: OutcomeKind; state: string }>(
    `select k as kind, touchline.judge_outcome(k, 'sending', true, true, 0, 3, false) as state from unnest($1::text[]) k`,
    [kinds],
  );
  const states = new Map(rows.map(({ kind, state }) => [kind, state]));
  const titles = ['sender', 'failure', 'class', 'action', 'state'];
  const cells = failures.map((failure) => {
    const { sender, what, kind } = failure;
    return [sender, what, kind, actionOf(failure), states.get(kind) ?? ''];
  });
  const widths = titles.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(titles), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...cells.map(line)];
}
