// Numbers as people read them in a finding.

/** `45 s`, `12 min`, `3 h`, `2 d`. */
export function span(seconds: number): string {
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3_600, 'h'],
      [60, 'min'],
    ] as const
  ).find(([least]) => seconds >= 2 * least) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** `12.5 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

/** `1,234,567`. */
export function figure(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
