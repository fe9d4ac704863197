import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { codeOf } from '../errors/index.js';

/** Where a PEM text is found; an empty text stands for "not there". */
interface PemSource {
  readonly path: string;
  readonly base64: string;
}

export interface KeyPairSource {
  readonly cert: PemSource;
  readonly key: PemSource;
}

/** What a TLS server needs. The server's certificate comes first in its chain. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  readonly validFrom: Date;
  readonly validUntil: Date;
}

/** Which of the two is wrong, and how. Never contains any of their content. */
export interface KeyPairFlaw {
  readonly part: 'cert' | 'key';
  readonly message: string;
}

export class UnusableKeyPair extends Error {
  override readonly name = 'UnusableKeyPair';

  constructor(readonly flaws: readonly KeyPairFlaw[]) {
    super(flaws.map(({ part, message }) => `${part} ${message}`).join('; '));
  }
}

/** True if anything is configured, even if incomplete. */
export function isNamed({ cert, key }: KeyPairSource): boolean {
  return [cert.path, cert.base64, key.path, key.base64].some((text) => text !== '');
}

/** Chooses as Kratos does: base64 if both have it, else files if both have one. Undefined: they do not match. */
export function sourceKind({ cert, key }: KeyPairSource): 'base64' | 'path' | undefined {
  if (cert.base64 !== '' && key.base64 !== '') return 'base64';
  return cert.path !== '' && key.path !== '' ? 'path' : undefined;
}

/**
 * Reads certificate and key and tests them together. Ignores the validity dates: an expired certificate can still be
 * served.
 *
 * @throws UnusableKeyPair listing everything that is wrong
 */
export async function readKeyPair(source: KeyPairSource): Promise<KeyPair> {
  const kind = sourceKind(source) ?? 'path';
  const flaws: KeyPairFlaw[] = [];
  const [chain, key] = await Promise.all([
    attempt('cert', flaws, async () => readChain(await textOf(source.cert, kind))),
    attempt('key', flaws, async () => readKey(await textOf(source.key, kind))),
  ]);
  const leaf = chain?.[0];
  if (chain === undefined || leaf === undefined || key === undefined) throw new UnusableKeyPair(flaws);
  if (!leaf.checkPrivateKey(key.object)) throw new UnusableKeyPair([{ part: 'key', message: whyForeign(chain, key) }]);
  const pair = { cert: chain.map(String).join(''), key: key.pem };
  tryOut(pair);
  return { ...pair, validFrom: leaf.validFromDate, validUntil: leaf.validToDate };
}

class Flaw extends Error {}

async function attempt<T>(part: KeyPairFlaw['part'], flaws: KeyPairFlaw[], read: () => Promise<T>) {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    flaws.push({ part, message: error.message });
    return undefined;
  }
}

async function textOf(source: PemSource, kind: 'base64' | 'path'): Promise<string> {
  if (kind === 'path') {
    return readFile(source.path, 'utf8').catch((error: unknown) => {
      throw new Flaw(`cannot be read (${codeOf(error) ?? 'unexpected error'})${lookedFor(source.path)}`);
    });
  }
  const text = source.base64.replaceAll(/\s/g, ''); // the `base64` command breaks lines
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Flaw('is not valid base64');
  return Buffer.from(text, 'base64').toString('utf8');
}

/** The absolute path that a relative one resolved to. */
const lookedFor = (path: string): string => (isAbsolute(path) ? '' : `; resolved to ${resolve(path)}`);

function readChain(text: string): X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (blocks === null) throw new Flaw('contains no certificate in PEM form');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new Flaw(`contains a certificate that cannot be read (number ${index + 1})`);
    }
  });
}

interface Key {
  readonly pem: string;
  readonly object: KeyObject;
}

function readKey(text: string): Key {
  const [pem] = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]+?-----END \1PRIVATE KEY-----/.exec(text) ?? [];
  if (pem === undefined) throw new Flaw('contains no private key in PEM form');
  if (pem.includes('ENCRYPTED'))
    throw new Flaw('is protected by a passphrase, which cannot be entered here: store the key without one');
  try {
    return { pem: `${pem}\n`, object: createPrivateKey(pem) };
  } catch {
    throw new Flaw('contains a private key that cannot be read');
  }
}

function whyForeign(chain: readonly X509Certificate[], { object }: Key): string {
  const place = chain.findIndex((each) => each.checkPrivateKey(object));
  return place < 0
    ? 'does not belong to the certificate'
    : `belongs to certificate number ${place + 1} of the file, which must come first`;
}

/** Catches OpenSSL's other objections, such as a key that is too short or a digest that is no longer trusted. */
function tryOut(pair: { cert: string; key: string }): void {
  try {
    createSecureContext(pair);
  } catch (error) {
    throw new UnusableKeyPair([
      { part: 'cert', message: `is rejected by OpenSSL (${codeOf(error) ?? 'unexpected error'})` },
    ]);
  }
}
