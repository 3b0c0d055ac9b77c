// GET /api/v1/mailbox: what the built-in mailbox accepted, newest first.
import type { Context } from 'hono';
import { z } from 'zod';
import { checkQuery } from './check.ts';
import { mailboxAnswer, mailboxQuery } from './contract.ts';
import type { ApiPort } from './port.ts';
import { type ApiEnv, businessFor } from './who.ts';

const rows = z.array(mailboxAnswer);
const usualLimit = 20;

const cursorOf = (place: string): string => Buffer.from(place).toString('base64url');
const placeOf = (cursor: string): string => Buffer.from(cursor, 'base64url').toString();

export function getMailbox(port: ApiPort): (context: Context<ApiEnv>) => Promise<Response> {
  return async (context) => {
    const businessId = businessFor(context, 'read');
    const { limit = usualLimit, cursor } = checkQuery(mailboxQuery, context.req.query());
    const length = Number(limit);
    // One more than asked for says whether there is a next page.
    const found = await port.mailbox(businessId, {
      after: cursor === undefined ? null : placeOf(cursor),
      limit: length + 1,
    });
    const page = found.slice(0, length);
    const last = found.length > length ? page.at(-1) : undefined;
    return context.json({ data: rows.parse(page), next_cursor: last === undefined ? null : cursorOf(last.place) });
  };
}
