// What the API needs of the database. Everything is asked for one business, that of the key; ids that are unknown or another's throw
// an error with code `not_found`.

export type Scope = 'read' | 'write' | 'events';

/** Who a key acts for. */
export interface KeyOwner {
  businessId: string;
  keyId: string;
  scopes: readonly string[];
}

/** A request that is answered the same when it is sent again. */
export interface Once {
  route: string;
  /** The Idempotency-Key. */
  key: string;
  /** SHA-256 of what was asked. */
  bodyHash: Uint8Array;
}

export interface Answer {
  status: number;
  body: unknown;
}

/** Fields as SQL takes them, `null` removes a value. */
type Fields = Readonly<Record<string, unknown>>;

export interface JobRequest {
  job: Fields & { external_id: string };
  /** Null: that of the job, which is known. */
  customer: Fields | null;
}

/** What SQL answers about a job, and whether it was made just now. */
export interface CompletedJob {
  answer: unknown;
  isNew: boolean;
}

export interface ApiPort {
  /** Undefined where the key is unknown or revoked. */
  keyOwner(hash: Uint8Array): Promise<KeyOwner | undefined>;
  /**
   * Completes a job, and keeps what `shape` makes of it as the answer to `once`, in one transaction.
   * `replayed`: nothing was done, the answer is that of an earlier request.
   */
  completeJob(
    businessId: string,
    request: JobRequest,
    shape: (found: CompletedJob) => Answer,
    once: Once | null,
  ): Promise<Answer & { replayed: boolean }>;
  enrollment(businessId: string, enrollmentId: string): Promise<unknown>;
  /** Newest first; `after` is the place of the last row of the page before. */
  mailbox(
    businessId: string,
    page: { cursor: string | null; limit: number },
  ): Promise<{ rows: unknown[]; nextCursor: string | null }>;
  /** Hears errors that the answer to a stranger does not tell. */
  tell?(error: unknown): void;
}
