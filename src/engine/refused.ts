// Errors by which the database says no to what was asked, so that asking the same again changes nothing.

// Classes of SQLSTATE that are about the moment: connection, transaction state, resources, locks, an operator's hand, the system.
const passing = /^(?:08|25|40|53|55|57|58|XX)/;

// A kept statement is not there, is somebody else's, or answered another shape when it was kept: the words themselves are fine.
const statementLost = new Set(['26000', '42P05', '0A000']);

function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) && !/^E[A-Z]+$/.test(error.code) ? error.code : undefined;
}

/** Whether a statement that the connection was thought to keep by name is not what it was there. */
export function isStatementLost(error: unknown): boolean {
  return statementLost.has(sqlState(error) ?? '');
}

/** Whether the same words will meet the same answer: a value that is no good, a right that is missing. */
export function isRefused(error: unknown): boolean {
  const code = sqlState(error);
  return code !== undefined && !statementLost.has(code) && !passing.test(code);
}
