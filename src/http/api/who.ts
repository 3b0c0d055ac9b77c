// Who asks: the key of the request, and what it may do.
import type { Context, MiddlewareHandler } from 'hono';
import { apiKeyHash } from '../../domain/api-key.ts';
import { RequestRefused } from '../../errors/request.ts';
import type { ApiPort, KeyOwner, Scope } from './port.ts';

/** What a request carries once it is known who asks. */
export interface ApiEnv {
  Variables: { owner: KeyOwner };
}

function unauthorized(given: boolean): RequestRefused {
  // RFC 6750: the reason is named only where a key was given.
  const challenge = `Bearer realm="touchline"${given ? ', error="invalid_token"' : ''}`;
  return new RequestRefused('unauthorized', {}, { headers: { 'WWW-Authenticate': challenge } });
}

/** Lets only requests with a valid key pass. */
export function authenticate(port: ApiPort): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const header = context.req.header('authorization');
    if (header === undefined) throw unauthorized(false);
    const [, key = ''] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    const hash = apiKeyHash(key);
    const owner = hash === undefined ? undefined : await port.keyOwner(hash);
    if (owner === undefined) throw unauthorized(true);
    context.set('owner', owner);
    await next();
  };
}

/**
 * The business of the key.
 * @throws RequestRefused `scope_missing`
 */
export function businessFor(context: Context<ApiEnv>, scope: Scope): string {
  const { businessId, scopes } = context.get('owner');
  if (scopes.includes(scope)) return businessId;
  const challenge = `Bearer realm="touchline", error="insufficient_scope", scope="${scope}"`;
  const why = `This needs the scope ${scope}; the key has ${scopes.join(', ')}.`;
  throw new RequestRefused('scope_missing', { why }, { headers: { 'WWW-Authenticate': challenge } });
}
