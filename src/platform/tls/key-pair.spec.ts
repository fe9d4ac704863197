import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hoursFromNow, makeCertificate } from '../../../test/support/certificates.js';
import { temporaryFolder } from '../../../test/support/configuration-files.js';
import { isNamed, type KeyPairSource, readKeyPair, sourceKind, UnusableKeyPair } from './index.js';

const [one, other] = [makeCertificate(), makeCertificate()];

const inBase64 = (cert: string, key: string): KeyPairSource => ({
  cert: { path: '', base64: Buffer.from(cert).toString('base64') },
  key: { path: '', base64: Buffer.from(key).toString('base64') },
});

async function inFiles(cert: string, key: string): Promise<KeyPairSource> {
  const folder = await temporaryFolder();
  const [certPath, keyPath] = [join(folder, 'a.crt'), join(folder, 'a.key')];
  await writeFile(certPath, cert);
  await writeFile(keyPath, key);
  return { cert: { path: certPath, base64: '' }, key: { path: keyPath, base64: '' } };
}

async function flawsOf(source: KeyPairSource): Promise<string[]> {
  const failure: unknown = await readKeyPair(source).then(
    () => 'it can be used',
    (error: unknown) => error,
  );
  if (failure instanceof UnusableKeyPair) return failure.flaws.map(({ part, message }) => `${part}: ${message}`);
  throw new Error(String(failure));
}

describe('a certificate and its key', () => {
  test.each([
    ['files', inFiles],
    ['base64', inBase64],
  ])('come from %s', async (_, source) => {
    const pair = await readKeyPair(await source(one.cert, one.key));
    expect(pair.cert).toBe(one.cert);
    expect(createPrivateKey(pair.key).equals(createPrivateKey(one.key))).toBe(true);
    expect(pair.validFrom < pair.validUntil).toBe(true);
  });

  test('may be base64 with line breaks, share a file, follow other text, and be followed by issuers', async () => {
    const together = `Bag Attributes\n${one.key}${one.cert}${other.cert}`;
    const { cert } = await readKeyPair(await inFiles(together, together));
    expect(cert).toBe(one.cert + other.cert);
    const { cert: source, key } = inBase64(one.cert, one.key);
    const wrapped = { ...source, base64: `${source.base64.replaceAll(/.{76}/g, '$&\r\n')}\n` };
    expect((await readKeyPair({ cert: wrapped, key })).cert).toBe(one.cert);
  });

  test('may have expired: the server decides what to do', async () => {
    const old = makeCertificate({ from: hoursFromNow(-48), until: hoursFromNow(-24) });
    const { validUntil } = await readKeyPair(inBase64(old.cert, old.key));
    expect(validUntil.getTime()).toBeLessThan(hoursFromNow(-23).getTime());
  });
});

describe('an unusable pair', () => {
  let locked = '';
  let weak = '';
  beforeAll(() => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string;
    weak = privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string;
  });

  test('missing files, reported together', async () => {
    const folder = await temporaryFolder();
    const source = { cert: { path: join(folder, 'no.crt'), base64: '' }, key: { path: folder, base64: '' } };
    expect(await flawsOf(source)).toEqual(['cert: cannot be read (ENOENT)', 'key: cannot be read (EISDIR)']);
  });

  test('a relative path is named with where it led to', async () => {
    const source = { cert: { path: 'no/such.crt', base64: '' }, key: { path: './no.key', base64: '' } };
    expect(await flawsOf(source)).toEqual([
      `cert: cannot be read (ENOENT); resolved to ${resolve('no/such.crt')}`,
      `key: cannot be read (ENOENT); resolved to ${resolve('no.key')}`,
    ]);
  });

  test('invalid base64', async () => {
    const source = { cert: { path: '', base64: '-----BEGIN' }, key: { path: '', base64: 'a' } };
    expect(await flawsOf(source)).toEqual(['cert: is not valid base64', 'key: contains no private key in PEM form']);
  });

  test('no PEM, or the wrong kind', async () => {
    const none = ['cert: contains no certificate in PEM form', 'key: contains no private key in PEM form'];
    expect(await flawsOf(inBase64('text', ' '))).toEqual(none);
    expect(await flawsOf(inBase64(one.key, one.cert))).toEqual(none);
  });

  test('PEM with invalid contents', async () => {
    const broken = (text: string) => text.replace(/\n[\s\S]{40}/, `\n${'A'.repeat(40)}`);
    expect(await flawsOf(inBase64(one.cert + broken(other.cert), broken(one.key)))).toEqual([
      'cert: contains a certificate that cannot be read (number 2)',
      'key: contains a private key that cannot be read',
    ]);
  });

  test('a key with a passphrase, in either form', async () => {
    const why = ['key: is protected by a passphrase, which cannot be entered here: store the key without one'];
    expect(await flawsOf(inBase64(one.cert, locked))).toEqual(why);
    expect(weak).toContain('ENCRYPTED');
    expect(await flawsOf(inBase64(one.cert, weak))).toEqual(why);
  });

  test("another certificate's key", async () => {
    expect(await flawsOf(inBase64(one.cert, other.key))).toEqual(['key: does not belong to the certificate']);
    expect(await flawsOf(inBase64(one.cert + other.cert, other.key))).toEqual([
      'key: belongs to certificate number 2 of the file, which must come first',
    ]);
  });

  test('a key that is too short for OpenSSL', async () => {
    const { cert, key } = makeCertificate({ curve: 'secp112r1' });
    expect(await flawsOf(inBase64(cert, key))).toEqual(['cert: is rejected by OpenSSL (ERR_SSL_EE_KEY_TOO_SMALL)']);
  });

  test('never shows its content or path in the message', async () => {
    const failure: unknown = await readKeyPair(await inFiles(one.cert, other.key)).catch((error: unknown) => error);
    expect(String(failure)).toBe('UnusableKeyPair: key does not belong to the certificate');
  });
});

describe('which source counts', () => {
  const source = (cert: string, key: string): KeyPairSource => ({
    cert: { path: cert.includes('p') ? 'x' : '', base64: cert.includes('b') ? 'x' : '' },
    key: { path: key.includes('p') ? 'x' : '', base64: key.includes('b') ? 'x' : '' },
  });

  test.each([
    ['p', 'p', 'path'],
    ['b', 'b', 'base64'],
    ['pb', 'pb', 'base64'],
    ['pb', 'p', 'path'],
    ['p', 'b', undefined],
    ['p', '', undefined],
    ['', 'b', undefined],
  ])('cert %s, key %s: %s', (cert, key, kind) => {
    expect(sourceKind(source(cert, key))).toBe(kind);
    expect(isNamed(source(cert, key))).toBe(true);
  });

  test('none at all', () => {
    expect(isNamed(source('', ''))).toBe(false);
  });
});
