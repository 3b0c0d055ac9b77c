// Resend as far as sending goes: POST /emails with its idempotency keys, errors by name, and signed webhooks. Every acceptance is on
// disk before it is answered.
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { AcceptanceFile, type AcceptedLine, hashOf, readAcceptances } from './acceptance-file.ts';
import { arrange, type CallbackPlan, deliver } from './callbacks.ts';
import { type FakeOptions, type FakeRequest, FakeServer, type Reply } from './fake-server.ts';

export interface FakeResendOptions extends FakeOptions {
  /** File of the acceptances. */
  log: string;
  /** The only key that is taken. Default: any that begins with re_. */
  apiKey?: string;
  /** How long an idempotency key is known, in milliseconds. Default 24 hours. */
  keepKeysMs?: number;
  webhook?: { url: string; secret: string; plan?: CallbackPlan; events?: readonly string[] };
}

interface KnownKey {
  bodyHash: string;
  /** Null while its first request runs. */
  id: string | null;
  at: number;
}

export interface AcceptedEmail {
  id: string;
  from: string;
  to: string[];
  subject: string;
  text: string | undefined;
  html: string | undefined;
  headers: Record<string, string>;
}

type Given = Record<string, unknown>;

const failure = (status: number, name: string, message: string): Reply => ({
  status,
  body: { statusCode: status, name, message },
});

const addressIn = (from: string): string => /<([^<>]*)>$/.exec(from)?.[1] ?? from;

function invalid(given: Given): Reply | undefined {
  for (const name of ['from', 'to', 'subject']) {
    if (!given[name]) return failure(422, 'missing_required_field', `Missing \`${name}\` field.`);
  }
  if (!given.html && !given.text) return failure(422, 'missing_required_field', 'Missing `html` or `text` field.');
  const isAddress = (text: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(text);
  if (!isAddress(addressIn(String(given.from)))) {
    return failure(422, 'invalid_from_address', 'Invalid `from` field. The email address needs to follow a form.');
  }
  if (!recipientsOf(given).every(isAddress)) return failure(422, 'validation_error', 'Invalid `to` field.');
  return undefined;
}

/** As webhooks show them: an object, not the list that was given. */
function tagsOf({ tags }: Given): Record<string, string> {
  const given = Array.isArray(tags) ? (tags as { name: string; value: string }[]) : [];
  return Object.fromEntries(given.map(({ name, value }) => [name, value]));
}

const recipientsOf = ({ to }: Given): string[] => (Array.isArray(to) ? to.map(String) : [String(to)]);

export class FakeResend extends FakeServer {
  readonly accepted: AcceptedEmail[] = [];
  private readonly keys = new Map<string, KnownKey>();
  private readonly file: AcceptanceFile;
  private readonly settings: FakeResendOptions;

  private constructor(settings: FakeResendOptions, file: AcceptanceFile, before: readonly AcceptedLine[]) {
    super(settings);
    this.settings = settings;
    this.file = file;
    for (const { sendLogId, bodyHash, providerId, acceptedAt } of before) {
      if (sendLogId !== null) this.keys.set(sendLogId, { bodyHash, id: providerId, at: Date.parse(acceptedAt) });
    }
  }

  static async start(settings: FakeResendOptions): Promise<FakeResend> {
    const before = await readAcceptances(settings.log);
    const fake = new FakeResend(settings, await AcceptanceFile.open(settings.log), before);
    await fake.listen();
    return fake;
  }

  protected submits({ method, url }: FakeRequest): boolean {
    return method === 'POST' && url.pathname === '/emails';
  }

  private refused({ headers }: FakeRequest): Reply | undefined {
    const { authorization = '' } = headers;
    if (authorization === '') return failure(401, 'missing_api_key', 'Missing API Key');
    const key = authorization.replace('Bearer ', '');
    const { apiKey } = this.settings;
    return (apiKey === undefined ? key.startsWith('re_') : key === apiKey)
      ? undefined
      : failure(403, 'invalid_api_key', 'API key is invalid');
  }

  protected async reply(request: FakeRequest): Promise<Reply> {
    const refused = this.refused(request);
    if (refused !== undefined) return refused;
    if (!this.submits(request)) {
      const email = this.accepted.find(({ id }) => request.url.pathname === `/emails/${id}`);
      return email === undefined
        ? failure(404, 'not_found', 'Email not found')
        : { status: 200, body: { object: 'email', last_event: 'delivered', ...email } };
    }
    const given = JSON.parse(request.body) as Given;
    const wrong = invalid(given);
    if (wrong !== undefined) return wrong;
    const key = request.headers['idempotency-key']?.toString();
    return key === undefined ? this.accept(given, request.body, null) : this.withKey(key, given, request.body);
  }

  private async withKey(key: string, given: Given, body: string): Promise<Reply> {
    const known = this.keys.get(key);
    const bodyHash = hashOf(body);
    if (known !== undefined && Date.now() - known.at < (this.settings.keepKeysMs ?? 86_400_000)) {
      if (known.bodyHash !== bodyHash) {
        return failure(409, 'invalid_idempotent_request', 'Same idempotency key used with a different payload.');
      }
      if (known.id === null) {
        return failure(409, 'concurrent_idempotent_requests', 'Same idempotency key used while a request runs.');
      }
      return { status: 200, body: { id: known.id } };
    }
    const first: KnownKey = { bodyHash, id: null, at: Date.now() };
    this.keys.set(key, first);
    const reply = await this.accept(given, body, key);
    first.id = (reply.body as { id: string }).id;
    return reply;
  }

  private async accept(given: Given, body: string, key: string | null): Promise<Reply> {
    const id = randomUUID();
    const recipient = recipientsOf(given).join();
    await this.file.append({
      ...{ provider: 'resend', providerId: id, sendLogId: key, businessId: null, senderAccountId: null },
      ...{ channel: 'email', recipient, bodyHash: hashOf(body), acceptedAt: new Date().toISOString() },
    });
    this.accepted.push({
      id,
      from: String(given.from),
      to: recipientsOf(given),
      subject: String(given.subject),
      text: given.text?.toString(),
      html: given.html?.toString(),
      headers: (given.headers ?? {}) as Record<string, string>,
    });
    const reported = this.report(id, given);
    if (this.settings.webhook?.plan?.early === true) await reported;
    return { status: 200, body: { id } };
  }

  private async report(id: string, given: Given): Promise<void> {
    const { webhook } = this.settings;
    if (webhook === undefined) return;
    const { url, secret, plan = {}, events = ['email.sent', 'email.delivered'] } = webhook;
    const made = new Date();
    const reports = events.map((type) => ({
      event: `msg_${randomUUID()}`,
      payload: JSON.stringify({
        type,
        created_at: made.toISOString(),
        data: { email_id: id, from: given.from, to: recipientsOf(given), subject: given.subject, tags: tagsOf(given) },
      }),
    }));
    for (const { event, payload } of arrange(reports, plan)) {
      const sentAt = new Date();
      await deliver(url, payload, {
        'content-type': 'application/json',
        'svix-id': event,
        'svix-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'svix-signature': new Webhook(secret).sign(event, sentAt, payload),
      });
    }
  }

  override async close(): Promise<void> {
    await super.close();
    await this.file.close();
  }
}
