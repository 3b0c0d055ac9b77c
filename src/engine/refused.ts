// Errors by which the database says no to what was asked, so that asking the same again changes nothing.

// Classes of SQLSTATE that are about the moment: connection, transaction state, resources, locks, an operator's hand, the system.
const passing = /^(?:08|25|40|53|55|57|58|XX)/;

/** Whether the same words will meet the same answer: a value that is no good, a right that is missing. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return /^[0-9A-Z]{5}$/.test(error.code) && !/^E[A-Z]+$/.test(error.code) && !passing.test(error.code);
}
