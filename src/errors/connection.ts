// Errors in which the database did not answer. They come from the system or the driver, so they carry no SQLSTATE.

const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

// What the driver says without a code.
const driverWords =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** Whether the connection was lost or never made, also inside the error of a commit whose outcome is unknown. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && systemCodes.has(error.code)) return true;
  if (driverWords.test(error.message)) return true;
  return error.name === 'CommitFailed' && 'outcome' in error && error.outcome === 'unknown';
}
