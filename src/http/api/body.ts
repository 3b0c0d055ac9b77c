// Reads a JSON body from somebody who may mean harm: never more than the limit, only UTF-8, and no name twice in one object, as
// programs differ in which of the two they take.
import { RequestRefused } from '../../errors/request.ts';

const maxBytes = 64 * 1024;

function tooLarge(): RequestRefused {
  return new RequestRefused('body_too_large', {}, { headers: { Connection: 'close' } });
}

function checkType(request: Request): void {
  const [type = '', ...parameters] = (request.headers.get('content-type') ?? '').toLowerCase().split(';');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (type.trim() === 'application/json' && isUtf8) return;
  throw new RequestRefused('unsupported_media_type', {}, { headers: { 'Accept-Post': 'application/json' } });
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function malformed(what: string, why?: string): RequestRefused {
  return new RequestRefused('malformed_body', why === undefined ? { what } : { what, why });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8.');
  }
}

/** The first name that an object of `json`, which is valid, holds twice. */
function nameTwice(json: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  for (const { 0: token, index } of json.matchAll(/[{}[\]]|"(?:[^"\\]|\\.)*"/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (isName(json, index + token.length)) {
      const names = open.at(-1);
      const name = String(JSON.parse(token));
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return undefined;
}

const colon = /\s*:/y;

function isName(json: string, end: number): boolean {
  colon.lastIndex = end;
  return colon.test(json);
}

function parse(text: string): unknown {
  if (text.trim() === '') throw malformed('The body is empty.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not valid JSON.');
  }
  const twice = nameTwice(text);
  if (twice === undefined) return value;
  throw malformed(
    `The body names ${JSON.stringify(twice.slice(0, 80))} twice in one object.`,
    'Which of the two counts?',
  );
}

/** @throws RequestRefused `unsupported_media_type`, `body_too_large`, `malformed_body` */
export async function readJson(request: Request): Promise<unknown> {
  checkType(request);
  return parse(decode(await readBytes(request)));
}
