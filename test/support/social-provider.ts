import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Claims = Record<string, unknown>;

/** How the provider misbehaves until told otherwise. */
export interface Misbehaviour {
  /** changes the claims of the ID token */
  claims?: (claims: Claims) => Claims;
  /** default: RS256 */
  alg?: 'none' | 'HS256 with the public key' | 'RS256 with another key';
  /** names no key in the ID token */
  namesNoKey?: boolean;
  /** the published keys: its own is `first` or `last` of two, or `another` has replaced it under its name */
  keys?: 'first of two' | 'last of two' | 'another';
  /** changes the token endpoint's answer */
  token?: (answer: Claims) => { status?: number; answer: Claims };
  /** announces and sends `iss` (RFC 9207): its own, or this one */
  iss?: string | true;
  /** ignores the PKCE verifier */
  ignoresPkce?: boolean;
  /** answers discovery, token and key requests this way instead */
  answer?: (path: string, response: ServerResponse) => boolean;
  /** merged over the discovery document */
  metadata?: Claims;
}

interface Grant {
  sub: string;
  nonce: string | null;
  challenge: string | null;
  client: string | null;
}

/** The header in which the simulated browser says who it is. */
const AS = 'x-acts-as';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey: another, publicKey: anothers } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' };
const other = { ...anothers.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' };
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** An OpenID provider on loopback that approves everything at once, and can be told to attack. */
export class ActedProvider {
  misbehaviour: Misbehaviour = {};
  /** requests received, by path */
  readonly asked: string[] = [];
  /** bodies of token requests */
  readonly exchanges: URLSearchParams[] = [];
  readonly authorizations: string[] = [];
  readonly #grants = new Map<string, Grant>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #held = new Map<string, { came: PromiseWithResolvers<void>; go: PromiseWithResolvers<void> }>();
  #person: { sub: string } | { error: string } = { sub: 'nobody' };

  /** @param host its name in the configuration */
  static async start(host = '127.0.0.1'): Promise<ActedProvider> {
    const acted = new ActedProvider();
    await new Promise<void>((done) => acted.#server.listen(0, '127.0.0.1', done));
    acted.#host = host;
    return acted;
  }

  #host = '';

  get url(): string {
    return `http://${this.#host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sets who signs in next, or why no one does. */
  next(person: { sub: string } | { error: string }): void {
    this.#person = person;
  }

  /** Answers the next token request for this person only when it is let go. @returns `held`: the moment when it came */
  holdBack(sub: string): { held: Promise<void>; letGo: () => void } {
    const [came, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    this.#held.set(sub, { came, go });
    return { held: came.promise, letGo: () => go.resolve() };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /**
   * Plays the person's browser at the provider; resolves to the URL that it is sent back to.
   * @param sub who signs in, for parallel sign-ins; default: the one set by `next`
   */
  async authorize(address: string, sub?: string): Promise<URL> {
    const headers: Record<string, string> = sub === undefined ? {} : { [AS]: sub };
    const answer = await fetch(address, { redirect: 'manual', headers });
    return new URL(answer.headers.get('location') ?? '');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    this.asked.push(url.pathname);
    if (this.misbehaviour.answer?.(url.pathname, response)) return;
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, this.#metadata());
      case '/jwks':
        return json(200, { keys: this.#keys() });
      case '/authorize':
        response.writeHead(302, { location: this.#authorized(url, request.headers[AS]) }).end();
        return;
      case '/token':
        return await this.#token(new URLSearchParams(await textOf(request)), json);
      default:
        return json(404, { error: 'not_found' });
    }
  }

  #keys(): object[] {
    switch (this.misbehaviour.keys) {
      case 'first of two':
        return [jwk, { ...other, kid: 'k2' }];
      case 'last of two':
        return [{ ...other, kid: 'k2' }, jwk];
      case 'another':
        return [{ ...other, kid: 'k1' }];
      case undefined:
        return [jwk];
    }
  }

  #metadata(): object {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      ...(this.misbehaviour.iss ? { authorization_response_iss_parameter_supported: true } : {}),
      ...this.misbehaviour.metadata,
    };
  }

  #authorized({ href, searchParams }: URL, sub: string | string[] | undefined): string {
    const person = typeof sub === 'string' ? { sub } : this.#person;
    this.authorizations.push(href);
    const back = new URL(searchParams.get('redirect_uri') ?? '');
    back.searchParams.set('state', searchParams.get('state') ?? '');
    const { iss } = this.misbehaviour;
    if (iss !== undefined) back.searchParams.set('iss', iss === true ? this.url : iss);
    if ('error' in person) {
      back.searchParams.set('error', person.error);
      back.searchParams.set('error_description', 'the person said no');
      return back.href;
    }
    const code = randomBytes(16).toString('hex');
    this.#grants.set(code, {
      sub: person.sub,
      nonce: searchParams.get('nonce'),
      challenge: searchParams.get('code_challenge'),
      client: searchParams.get('client_id'),
    });
    back.searchParams.set('code', code);
    return back.href;
  }

  async #token(form: URLSearchParams, json: (status: number, body: object) => void): Promise<void> {
    this.exchanges.push(form);
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    await this.#wait(grant?.sub);
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const bound = grant?.challenge === null || grant?.challenge === verifier || this.misbehaviour.ignoresPkce;
    if (!grant || !bound) return json(400, { error: 'invalid_grant' });
    const now = Math.floor(new Date().getTime() / 1000);
    const claims = {
      iss: this.url,
      aud: grant.client,
      iat: now,
      exp: now + 600,
      sub: grant.sub,
      email: 'somebody@example.com',
      email_verified: true,
      ...(grant.nonce === null ? {} : { nonce: grant.nonce }),
    };
    const given = {
      access_token: randomBytes(16).toString('hex'),
      token_type: 'Bearer',
      id_token: this.#idToken(this.misbehaviour.claims?.(claims) ?? claims),
    };
    const { status = 200, answer } = this.misbehaviour.token?.(given) ?? { answer: given };
    return json(status, answer);
  }

  async #wait(sub = ''): Promise<void> {
    const held = this.#held.get(sub);
    this.#held.delete(sub);
    held?.came.resolve();
    await held?.go.promise;
  }

  #idToken(claims: Claims): string {
    const { alg } = this.misbehaviour;
    if (alg === 'none') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    if (alg === 'HS256 with the public key') {
      const signed = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(claims)}`;
      return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    }
    const { namesNoKey } = this.misbehaviour;
    const signed = `${encode({ alg: 'RS256', ...(namesNoKey ? {} : { kid: 'k1' }) })}.${encode(claims)}`;
    const key = alg === undefined ? privateKey : another;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
