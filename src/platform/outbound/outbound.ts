import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { type Network, networkOf } from './networks.js';
import { OutboundFailed } from './outbound.errors.js';

/** Milliseconds from resolving the name to the last byte of the answer; also the limit for connecting. */
const TIME = 5_000;
/** Bytes in the body of an answer. */
const SIZE = 1_048_576;
/** Bytes of an unwanted body to read, so that the connection can be reused. */
const REST = 65_536;
/** Connections per origin. */
const CONNECTIONS = 8;

type Reach = 'anywhere' | 'private too' | 'public only';

const NETWORKS: Readonly<Record<Reach, readonly Network[]>> = {
  anywhere: ['public', 'private', 'reserved'],
  'private too': ['public', 'private'],
  'public only': ['public'],
};

/** Error codes of the HTTP client and TLS for a connection that was never established. */
const NEVER_SENT = /^(UND_ERR_CONNECT|UND_ERR_INVALID|CERT_|ERR_TLS|ERR_SSL|DEPTH_|SELF_|UNABLE_|HOSTNAME_)/;

/** Which addresses a request may go to. */
export interface OutboundRules {
  /** origins that the configuration spells out: allowed on any network, and over http */
  readonly origins: readonly string[];
  /** whether addresses learned at run time may point to private networks */
  readonly privateNetworks: boolean;
  /** URL patterns that are allowed on any network; `*` matches anything but dots and slashes, `**` matches anything */
  readonly exceptions: readonly string[];
}

export interface OutboundRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | URLSearchParams | undefined;
  readonly signal?: AbortSignal | undefined;
  /** milliseconds for the whole request; default 5 s */
  readonly time?: number;
  /** largest body of the answer, in bytes; default 1 MB */
  readonly size?: number;
  /** only the status matters: do not wait for the body, and discard it whatever its size */
  readonly statusOnly?: boolean;
}

interface OutboundOptions {
  /** largest number of connections per origin; further requests wait, within their time. Default 8 */
  readonly connections?: number;
  readonly lookup?: Lookup;
}

type Lookup = (
  host: string,
  options: { all: true; verbatim: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Sends requests over its own connections: no redirects, no proxies from the environment, no cookies, limited time and
 * size.
 * Checks the resolved address on connecting, so that it cannot change in between.
 */
export class Outbound implements OnApplicationShutdown {
  readonly #agents: Readonly<Record<Reach, Agent>>;

  constructor({ lookup = systemLookup, connections = CONNECTIONS }: OutboundOptions = {}) {
    const agentOf = (reach: Reach): Agent => agent(lookup, connections, NETWORKS[reach]);
    this.#agents = {
      anywhere: agentOf('anywhere'),
      'private too': agentOf('private too'),
      'public only': agentOf('public only'),
    };
  }

  /**
   * The answer with its body, whatever its status.
   * @throws OutboundFailed
   */
  async fetch(address: string | URL, rules: OutboundRules, options: OutboundRequest = {}): Promise<Response> {
    const url = new URL(address);
    const reach = reachOf(url, rules);
    const time = options.time ?? TIME;
    const limit = AbortSignal.timeout(time);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    try {
      const asked = request(url, {
        dispatcher: this.#agents[reach],
        method: (options.method ?? 'GET') as 'GET',
        headers: { 'accept-encoding': 'identity', ...options.headers },
        body: options.body instanceof URLSearchParams ? options.body.toString() : (options.body ?? null),
        headersTimeout: time,
        bodyTimeout: time,
        signal,
      });
      const { statusCode, headers, body } = await withinTime(asked, signal);
      const answer = { status: statusCode, headers: listOf(headers) };
      if (options.statusOnly === true) {
        body.dump({ limit: REST }).catch(() => undefined);
        return new Response(null, answer);
      }
      const bytes = await bytesOf(body, options.size ?? SIZE);
      return new Response(mayHoldBody(statusCode) ? bytes : null, answer);
    } catch (error) {
      throw troubleOf(error, signal);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(Object.values(this.#agents).map((each) => each.destroy()));
  }
}

function reachOf(url: URL, { origins, exceptions, privateNetworks }: OutboundRules): Reach {
  const named = origins.includes(url.origin) || exceptions.some((pattern) => fits(pattern, url));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && named)) throw new OutboundFailed('scheme');
  if (named) return 'anywhere';
  const reach = privateNetworks ? 'private too' : 'public only';
  // A literal address bypasses the resolver, so check it here.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !NETWORKS[reach].includes(networkOf(literal))) throw new OutboundFailed('address');
  return reach;
}

/** The pattern covers the whole address, without query and fragment. */
function fits(pattern: string, url: URL): boolean {
  const source = pattern
    .split('**')
    .map((part) =>
      part
        .split('*')
        .map((text) => text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^./]*'),
    )
    .join('.*');
  return new RegExp(`^${source}$`).test(`${url.origin}${url.pathname}`);
}

function agent(lookup: Lookup, connections: number, allowed: readonly Network[]): Agent {
  return new Agent({
    connections,
    connectTimeout: TIME,
    connect: {
      lookup: (host, options, done) => {
        lookup(host, { all: true, verbatim: true }, (error, addresses) => {
          if (error) return done(error, []);
          // A forbidden address among good ones suggests a manipulated name, so reject all of them.
          if (!addresses.every(({ address }) => allowed.includes(networkOf(address))))
            return done(new OutboundFailed('address'), []);
          const [first] = addresses;
          if (options.all) done(null, addresses);
          else done(null, first?.address ?? '', first?.family);
        });
      },
    },
  });
}

/** Needed because the HTTP client ignores the signal until there is a connection. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new Promise<never>((_, reject) => {
    const end = (): void => reject(new OutboundFailed('slow', undefined, true));
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
  });
  return Promise.race([work, over]);
}

async function bytesOf(body: AsyncIterable<Buffer>, most: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > most) throw new OutboundFailed('large', undefined, true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const mayHoldBody = (status: number): boolean => ![204, 205, 304].includes(status);

function listOf(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((v): [string, string] => [name, v]),
  );
}

function troubleOf(error: unknown, signal: AbortSignal): OutboundFailed {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if (at instanceof OutboundFailed) return at;
    if (at instanceof AggregateError) {
      const found = at.errors.find((each) => each instanceof OutboundFailed);
      if (found instanceof OutboundFailed) return found;
    }
  }
  const { code, syscall } = systemError(error);
  const slow = signal.aborted || /TIMEOUT/.test(code ?? '');
  const unsent = syscall === 'connect' || syscall === 'getaddrinfo' || NEVER_SENT.test(code ?? '');
  return new OutboundFailed(slow ? 'slow' : 'unreachable', code, !unsent);
}

/** If several addresses were tried, reports the first failure. */
function systemError(error: unknown): { code?: string; syscall?: unknown } {
  const told = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const { code, syscall } = told as { code?: unknown; syscall?: unknown };
  return typeof code === 'string' ? { code, syscall } : {};
}
