/** What went wrong, for programs; the message says it for people, with the cure. */
export type EmbeddedPostgresProblem =
  | 'unsupported_platform'
  | 'no_account'
  | 'data_dir_unreachable'
  | 'disk_full'
  | 'initdb_failed'
  | 'server_failed'
  | 'version_mismatch'
  | 'lock_timeout';

/** Every failure of the embedded Postgres; `code` is stable, `message` names the cause and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresProblem;

  constructor(code: EmbeddedPostgresProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The `code` of a system or database error (`ENOENT`, `3D000` …), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether a program's output tells of a full disk (ENOSPC) or an exhausted quota (EDQUOT). */
export function tellsOfFullDisk(output: string): boolean {
  return /No space left on device|Disk quota exceeded|Check free disk space|wrote only \d+ of \d+ bytes|ENOSPC|EDQUOT/.test(
    output,
  );
}

/** The error for a full disk at `folder`. */
export function diskFull(folder: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'disk_full',
    `The disk that holds ${folder} is full. The embedded Postgres needs about 200 MB free there: make room and start again.`,
    cause,
  );
}

/** Turns a bare system error met while working in `folder` into one that names folder, account and cure. */
export function explainSystemError(error: unknown, folder: string, account: string): unknown {
  const code = errorCode(error);
  if (error instanceof EmbeddedPostgresError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder, error);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS' && code !== 'ENOTDIR') return error;
  const detail = error instanceof Error ? error.message : code;
  return new EmbeddedPostgresError(
    'data_dir_unreachable',
    `The account "${account}" cannot use the data folder ${folder} (${detail}). ` +
      'Start Touchline as the account that owns the folder, or set TOUCHLINE_DATA_DIR to a folder that this account may write.',
    error,
  );
}
