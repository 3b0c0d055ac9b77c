// Login links and sessions of the pages, wired to the database.
import { addLoginLink, endSession, ensureUser, openSession, sessionUserId } from '../db/call/sessions.ts';
import type { SessionsPort } from '../http/home/sessions.ts';
import type { Database } from './database.ts';

/** Who is signed in. */
export function sessionsOf({ run }: Pick<Database, 'run'>): SessionsPort {
  return {
    open: (linkToken) => run((client) => openSession(client, linkToken)),
    userId: (sessionToken) => run((client) => sessionUserId(client, sessionToken)),
    end: (sessionToken) => run((client) => endSession(client, sessionToken)),
  };
}

/** Whom a link signs in: a user by id, one of the stand-alone server by email, or the local one. */
export interface LoginAs {
  userId?: string;
  email?: string;
}

export interface LoginLink {
  url: string;
  userId: string;
  expiresAt: Date;
}

/** Makes a one-time login link. @param base where the pages are reached */
export async function loginLink({ run }: Pick<Database, 'run'>, base: string, as: LoginAs = {}): Promise<LoginLink> {
  return await run(async (client) => {
    const userId = as.userId ?? (await ensureUser(client, as.email ?? null));
    const { token, expiresAt } = await addLoginLink(client, userId);
    return { url: `${base.replace(/\/+$/, '')}/sign-in/${token}`, userId, expiresAt };
  });
}
