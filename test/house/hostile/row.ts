// A row of the table of hostile input: what comes in, how it is answered, and in which words.

export interface Row {
  input: string;
  /** HTTP status or exit code, and the code of the error. */
  answer: string;
  words: string;
}

/** What comes in, described in a few words, and the thing itself. */
export type Case<Input> = readonly [described: string, input: Input];

const most = 400;

/** A cell of a table: one line, and nothing in it ends the cell. Long texts are shortened in the middle. */
function cell(text: string): string {
  const line = text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'));
  return line.length > most ? `${line.slice(0, most - 50)} … ${line.slice(-45)}` : line;
}

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ input, answer, words }) => `| ${cell(input)} | ${cell(answer)} | ${cell(words)} |`);
  return ['| what comes in | answer | words |', '|---|---|---|', ...lines].join('\n');
}
