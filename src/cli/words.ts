// Small words of sentences for people.

/** `1 migration`, `2 migrations`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`; with many, the first few and how many more. */
export function listed(parts: readonly string[], most = 5): string {
  const shown = parts.length > most ? [...parts.slice(0, most), `${parts.length - most} more`] : [...parts];
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
