import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A self-signed certificate for 127.0.0.1 and localhost, and its key (PKCS#8). Both PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, as Node prints it: `AB:CD:…` */
  readonly fingerprint: string;
}

/**
 * Creates a new one each time, so that no private key is in the sources. Valid from an hour ago for a day by default.
 */
export function makeCertificate({
  from = hoursFromNow(-1),
  until = hoursFromNow(24),
  curve = 'P-256',
} = {}): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  // Names must be unique: a client that trusts two certificates with the same name checks only one of them.
  const name = sequence(
    der(SET, sequence(oid('550403'), der(UTF8, Buffer.from(`Regain test ${serial.toString('hex')}`)))),
  );
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    sequence(oid(ECDSA_WITH_SHA256)),
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(oid('551d11'), der(OCTETS, sequence(...NAMES))))),
  );
  const whole = sequence(
    body,
    sequence(oid(ECDSA_WITH_SHA256)),
    der(BITS, NOTHING_UNUSED, sign('sha256', body, privateKey)),
  );
  return {
    cert: pem('CERTIFICATE', whole),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    fingerprint: createHash('sha256').update(whole).digest('hex').toUpperCase().match(/../g)!.join(':'),
  };
}

export const hoursFromNow = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);

const [BITS, OCTETS, UTF8, TIME, SET] = [0x03, 0x04, 0x0c, 0x18, 0x31] as const;
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const NOTHING_UNUSED = Buffer.from([0]);
const NAMES = [der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1]))];

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const time = (at: Date): Buffer => der(TIME, Buffer.from(`${at.toISOString().replaceAll(/[-:T]|\..+$/g, '')}Z`));
const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
