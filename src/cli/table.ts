// Plain columns for people. Values come from tenants, so nothing in them may move the cursor or recolour the terminal.

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null;
  /** Default `left`. */
  align?: 'left' | 'right';
}

/** Without control characters (Cc), bidirectional overrides and line separators, which would forge what is seen. */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}

const widthOf = (text: string): number => [...text].length;

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(width - widthOf(text), 0));
  return align === 'right' ? `${space}${text}` : `${text}${space}`;
}

/**
 * Rows as aligned columns under their titles.
 * @param paint decorates the line of titles
 * @param none what to say when there are no rows
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  paint: (text: string) => string,
  none: string,
): string {
  if (rows.length === 0) return none;
  const cells = rows.map((row) => columns.map(({ value }) => plain(String(value(row) ?? '-'))));
  const widths = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((line) => widthOf(line[index] ?? ''))),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => padded(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [paint(line(columns.map(({ title }) => title))), ...cells.map(line)].join('\n');
}
