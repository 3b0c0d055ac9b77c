// Twilio as far as SMS go: creating and listing messages, error codes, and signed status callbacks. Every acceptance is on disk
// before it is answered.
import { randomBytes } from 'node:crypto';
import { twilioSignature } from '../../../src/domain/twilio-signature.ts';
import { AcceptanceFile, hashOf } from './acceptance-file.ts';
import { arrange, type CallbackPlan, type CallbackResult, deliver } from './callbacks.ts';
import { type FakeOptions, type FakeRequest, FakeServer, type Reply } from './fake-server.ts';

type SmsCallbacks = CallbackPlan & { statuses?: readonly string[] };

export interface FakeTwilioOptions extends FakeOptions {
  /** File of the acceptances. */
  log: string;
  sid: string;
  authToken: string;
  /** After how long a message is in the list, in milliseconds. Default 0. */
  listLagMs?: number;
  /** Of every message, or chosen for each. */
  callbacks?: SmsCallbacks | (() => SmsCallbacks);
  /** Numbers that told Twilio to stop. */
  optedOut?: readonly string[];
}

export interface AcceptedSms {
  sid: string;
  to: string;
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  statusCallback: string | null;
  at: Date;
}

const failure = (status: number, code: number, message: string): Reply => ({
  status,
  body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
});

const newSid = (): string => `SM${randomBytes(16).toString('hex')}`;

/** What our callback address says of the message. */
function namedIn(statusCallback: string | null): {
  sendLogId: string | null;
  businessId: string | null;
  senderAccountId: string | null;
} {
  if (statusCallback === null) return { sendLogId: null, businessId: null, senderAccountId: null };
  const { searchParams, pathname } = new URL(statusCallback);
  const senderAccountId = pathname.split('/').at(-1) ?? null;
  return { sendLogId: searchParams.get('m'), businessId: searchParams.get('b'), senderAccountId };
}

export class FakeTwilio extends FakeServer {
  readonly accepted: AcceptedSms[] = [];
  /** What the receivers of callbacks answered. */
  readonly callbackResults: (CallbackResult | undefined)[] = [];
  private readonly file: AcceptanceFile;
  private readonly settings: FakeTwilioOptions;

  private constructor(settings: FakeTwilioOptions, file: AcceptanceFile) {
    super(settings);
    this.settings = settings;
    this.file = file;
  }

  static async start(settings: FakeTwilioOptions): Promise<FakeTwilio> {
    const fake = new FakeTwilio(settings, await AcceptanceFile.open(settings.log));
    await fake.listen();
    return fake;
  }

  private get path(): string {
    return `/2010-04-01/Accounts/${this.settings.sid}`;
  }

  protected submits({ method, url }: FakeRequest): boolean {
    return method === 'POST' && url.pathname.endsWith('/Messages.json');
  }

  protected async reply(request: FakeRequest): Promise<Reply> {
    const { sid, authToken } = this.settings;
    const expected = `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return failure(401, 20003, 'Authenticate');
    const { pathname, searchParams } = request.url;
    if (this.submits(request) && pathname === `${this.path}/Messages.json`) {
      return this.create(new URLSearchParams(request.body));
    }
    if (pathname === `${this.path}/Messages.json`) return this.list(searchParams);
    if (pathname === `${this.path}.json`) return { status: 200, body: { sid, status: 'active', type: 'Full' } };
    return failure(404, 20404, `The requested resource ${pathname} was not found`);
  }

  private invalid(form: URLSearchParams): Reply | undefined {
    const to = form.get('To') ?? '';
    if (to === '') return failure(400, 21604, "A 'To' phone number is required.");
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return failure(400, 21211, `Invalid 'To' Phone Number: ${to}`);
    if (!form.has('From') && !form.has('MessagingServiceSid')) {
      return failure(400, 21603, "A 'From' phone number is required.");
    }
    if (!form.get('Body')) return failure(400, 21602, 'Message body is required.');
    if (this.settings.optedOut?.includes(to) === true) {
      return failure(400, 21610, 'Attempt to send to unsubscribed recipient');
    }
    return undefined;
  }

  private async create(form: URLSearchParams): Promise<Reply> {
    const wrong = this.invalid(form);
    if (wrong !== undefined) return wrong;
    const message: AcceptedSms = {
      sid: newSid(),
      to: form.get('To') ?? '',
      from: form.get('From'),
      messagingServiceSid: form.get('MessagingServiceSid'),
      body: form.get('Body') ?? '',
      statusCallback: form.get('StatusCallback'),
      at: new Date(),
    };
    await this.file.append({
      ...{ provider: 'twilio', providerId: message.sid, ...namedIn(message.statusCallback), channel: 'sms' },
      ...{ recipient: message.to, bodyHash: hashOf(form.toString()), acceptedAt: message.at.toISOString() },
    });
    this.accepted.push(message);
    const { callbacks } = this.settings;
    const plan = typeof callbacks === 'function' ? callbacks() : callbacks;
    const reported = this.report(message, plan);
    if (plan?.early === true) await reported;
    return { status: 201, body: this.shown(message, 'queued') };
  }

  private shown(message: AcceptedSms, status: string): Record<string, unknown> {
    const { sid, to, from, messagingServiceSid, body, at } = message;
    const date = at.toUTCString().replace('GMT', '+0000');
    return {
      ...{ sid, account_sid: this.settings.sid, to, from, messaging_service_sid: messagingServiceSid, body, status },
      ...{ date_created: date, date_updated: date, date_sent: status === 'queued' ? null : date },
      ...{ direction: 'outbound-api', error_code: null, error_message: null, num_segments: '1', num_media: '0' },
      ...{ price: null, price_unit: 'USD', api_version: '2010-04-01', uri: `${this.path}/Messages/${sid}.json` },
      subresource_uris: { media: `${this.path}/Messages/${sid}/Media.json` },
    };
  }

  private list(question: URLSearchParams): Reply {
    const { listLagMs = 0 } = this.settings;
    const to = question.get('To');
    const size = Number(question.get('PageSize') ?? 50);
    const day = question.get('DateSent');
    // By the recipient first, which is quick: a crash campaign asks of a list of some hundred thousand.
    const found = this.accepted
      .filter((message) => to === null || message.to === to)
      .filter((message) => Date.now() - message.at.getTime() >= listLagMs)
      .filter((message) => day === null || message.at.toISOString().startsWith(day.slice(0, 10)))
      .toReversed();
    const next = found.length > size ? `${this.path}/Messages.json?Page=1` : null;
    return {
      status: 200,
      body: {
        messages: found.slice(0, size).map((message) => this.shown(message, 'delivered')),
        ...{ next_page_uri: next, previous_page_uri: null, first_page_uri: `${this.path}/Messages.json?Page=0` },
        ...{ page: 0, page_size: size, start: 0, end: found.length - 1, uri: `${this.path}/Messages.json` },
      },
    };
  }

  private async report(message: AcceptedSms, callbacks: SmsCallbacks | undefined): Promise<void> {
    const { authToken, sid } = this.settings;
    const { statusCallback, to, from } = message;
    if (callbacks === undefined || statusCallback === null) return;
    const { statuses = ['queued', 'sent', 'delivered'], ...plan } = callbacks;
    for (const status of arrange(statuses, plan)) {
      const form = {
        ...{ MessageSid: message.sid, SmsSid: message.sid, MessageStatus: status, SmsStatus: status },
        ...{ AccountSid: sid, To: to, From: from ?? '+12125550000', ApiVersion: '2010-04-01' },
      };
      const signature = twilioSignature(authToken, statusCallback, form);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
      this.callbackResults.push(await deliver(statusCallback, new URLSearchParams(form).toString(), headers));
    }
  }

  override async close(): Promise<void> {
    await super.close();
    await this.file.close();
  }
}
