// Who is signed in to the pages, as a port: a login link opens a session once, a session is a secret in a cookie.

/** What became of a login link. A link that is unknown, used or too old opens nothing. */
export type Opened =
  | { outcome: 'opened'; token: string; expiresAt: Date }
  | { outcome: 'used' | 'expired' | 'unknown' };

export interface SessionsPort {
  /** Uses up a login link. */
  open(linkToken: string): Promise<Opened>;
  /** Whose session it is; undefined when it is over or never was. */
  userId(sessionToken: string): Promise<string | undefined>;
  end(sessionToken: string): Promise<void>;
}
