// GET /api/v1/enrollments/{id}: one person's way through a campaign.
import type { Context } from 'hono';
import { TouchlineError } from '../../errors.ts';
import { enrollmentAnswer } from './contract.ts';
import type { ApiPort } from './port.ts';
import { type ApiEnv, businessFor } from './who.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The words of SQL, for what cannot be an id of ours at all. */
function noSuchEnrollment(): TouchlineError {
  return new TouchlineError('TL201', {
    what: 'There is no such enrollment.',
    why: 'It does not exist, or it belongs to another business.',
    fix: 'Check the id of the enrollment.',
  });
}

export function getEnrollment(port: ApiPort): (context: Context<ApiEnv>) => Promise<Response> {
  return async (context) => {
    const businessId = businessFor(context, 'read');
    const id = context.req.param('id') ?? '';
    if (!uuid.test(id)) throw noSuchEnrollment();
    return context.json(enrollmentAnswer.parse(await port.enrollment(businessId, id)));
  };
}
