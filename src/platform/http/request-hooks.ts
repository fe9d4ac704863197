import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { withinBudget } from '../database/index.js';
import type { Csrf } from './csrf.js';
import { ClientNetwork } from './network.js';
import { audienceOfRequest } from './prefixes.js';
import type { CurrentRequest, Motives } from './request-context.js';

/** Public routes that never set the CSRF cookie: native starts, submissions, probes, assets, single schemas. */
const NO_CSRF_COOKIE =
  /^\/(self-service\/(login|settings|recovery)(\/api)?|self-service\/logout\/api|sessions(\/.*)?|health\/.*|version|schemas\/.*|ui\/.*)$/;
const LONGEST_NOTE = 500;
/** One year, as ASVS 3.4.1 requires. */
const STRICT_TRANSPORT = 'max-age=31536000';

const UNTRUSTED =
  'X-Forwarded-For arrived, but regain.serve.trusted_proxies is empty: if a proxy is in front, all clients share its address and its rate limits';

interface Parts {
  readonly current: CurrentRequest;
  readonly csrf: Csrf;
  readonly logger: Logger;
  readonly trustedProxies: readonly string[];
  /** whether to send HSTS: all visitors use TLS, so browsers may require it on every port of the host */
  readonly insistOnTls: boolean;
  /** milliseconds that a request may wait for the database */
  readonly databaseBudget: number;
}

/** Hooks around every request: its context, the CSRF cookie, headers that are always safe to set, one log line. */
export function addRequestHooks(
  fastify: FastifyInstance,
  { current, csrf, logger, trustedProxies, insistOnTls, databaseBudget }: Parts,
): void {
  const network = new ClientNetwork(trustedProxies, () => logger.warn(UNTRUSTED));
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    if (insistOnTls && mayInsistOnTls(request)) reply.header('strict-transport-security', STRICT_TRANSPORT);
    const cookie = needsCsrfCookie(request) ? csrf.ensure(request) : undefined;
    if (cookie !== undefined) reply.header('set-cookie', cookie);
    const context = {
      requestId: request.id,
      network: network.of(request),
      userAgent: note(request.headers['user-agent']) ?? '',
      acceptLanguage: note(request.headers['accept-language']),
      claimed: motives(request),
    };
    withinBudget(databaseBudget, () => current.run(context, done));
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control'))
      reply.header('cache-control', 'private, no-cache, no-store, must-revalidate');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.info(logLine(request, reply), 'request');
    done();
  });
}

/**
 * True if this listener itself serves TLS. Excludes `localhost`, where HSTS would apply to every port, whatever listens
 * there.
 */
function mayInsistOnTls({ protocol, hostname }: FastifyRequest): boolean {
  return protocol === 'https' && !/^(.+\.)?localhost$/i.test(hostname);
}

function needsCsrfCookie(request: FastifyRequest): boolean {
  if (!['GET', 'HEAD'].includes(request.method) || audienceOfRequest(request.raw) !== 'public') return false;
  return !NO_CSRF_COOKIE.test((request.raw.url ?? '/').split('?')[0]!);
}

/** Logs the route's pattern, never the path: paths hold ids and queries hold secrets. */
function logLine(request: FastifyRequest, reply: FastifyReply): Record<string, unknown> {
  return {
    request_id: request.id,
    listener: audienceOfRequest(request.raw),
    method: request.method,
    route: request.is404 ? 'none' : (request.routeOptions.url ?? 'none'),
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
  };
}

function motives(request: FastifyRequest): Motives {
  const { 'x-regain-reason': reason, 'x-regain-ticket': ticket } = request.headers;
  return { ...optional('reason', note(reason)), ...optional('ticket', note(ticket)) };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Node reads headers as Latin-1, but clients write UTF-8. A header that is not valid UTF-8 stays Latin-1. */
function decoded(header: string): string {
  try {
    return UTF8.decode(Buffer.from(header, 'latin1'));
  } catch {
    return header;
  }
}

/**
 * Makes a header safe to store: one line, limited length, no control characters (some above 127 control terminals too).
 */
function note(header: string | string[] | undefined): string | undefined {
  const given = [header].flat().at(0);
  if (given === undefined) return undefined;
  const text = decoded(given)
    .replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ')
    .slice(0, LONGEST_NOTE)
    .toWellFormed()
    .trim();
  return text === '' ? undefined : text;
}

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);
