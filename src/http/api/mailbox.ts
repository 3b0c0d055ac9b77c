// GET /api/v1/mailbox: what the built-in mailbox accepted, newest first.
import type { Context } from 'hono';
import { z } from 'zod';
import { checkQuery } from './check.ts';
import { mailboxAnswer, mailboxQuery } from './contract.ts';
import type { ApiPort } from './port.ts';
import { type ApiEnv, businessFor } from './who.ts';

const rows = z.array(mailboxAnswer);
const usualLimit = 20;

export function getMailbox(port: ApiPort): (context: Context<ApiEnv>) => Promise<Response> {
  return async (context) => {
    const businessId = businessFor(context, 'read');
    const { limit = usualLimit, cursor } = checkQuery(mailboxQuery, context.req.query());
    const page = await port.mailbox(businessId, { cursor: cursor ?? null, limit: Number(limit) });
    return context.json({ data: rows.parse(page.rows), next_cursor: page.nextCursor });
  };
}
