// A self-signed certificate, made on the spot: Node reads X.509 and cannot write it, and a file in the tree would expire.
import { createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface Certificate {
  /** PEM; also what a client has to trust. */
  cert: string;
  /** PEM. */
  key: string;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** One value of DER: tag, length, content. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const octets = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  const size = length < 0x80 ? octets : [0x80 + octets.length, ...octets];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const ecdsaWithSha256 = sequence(der(0x06, hex('2a8648ce3d040302')));

function nameOf(text: string): Buffer {
  const commonName = sequence(der(0x06, hex('550403')), der(0x0c, Buffer.from(text)));
  return sequence(der(0x31, commonName));
}

/** YYMMDDHHMMSSZ. */
function moment(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

function alternative(host: string): Buffer {
  return isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host));
}

function extensions(hosts: readonly string[]): Buffer {
  const names = sequence(der(0x06, hex('551d11')), der(0x04, sequence(...hosts.map(alternative))));
  // Its own authority, so that a client can be told to trust it and nothing else.
  const authority = sequence(der(0x06, hex('551d13')), der(0x01, hex('ff')), der(0x04, sequence(der(0x01, hex('ff')))));
  return der(0xa3, sequence(names, authority));
}

const dayMs = 86_400_000;

/** @param hosts names and IPv4 addresses it is good for */
export function selfSigned(hosts: readonly string[]): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const name = nameOf(`test ${randomBytes(6).toString('hex')}`);
  const serial = der(0x02, Buffer.concat([hex('01'), randomBytes(8)]));
  const validity = sequence(moment(Date.now() - dayMs), moment(Date.now() + dayMs));
  const version = der(0xa0, der(0x02, hex('02')));
  const body = sequence(version, serial, ecdsaWithSha256, name, validity, name, publicKey, extensions(hosts));
  const signature = der(0x03, hex('00'), sign('sha256', body, privateKey));
  const lines =
    sequence(body, ecdsaWithSha256, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
