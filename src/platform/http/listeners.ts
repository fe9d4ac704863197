import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { BadRequest, Unauthorized } from '../errors/index.js';
import type { KeyPair } from '../tls/index.js';
import { Answer } from './answer.js';
import { Closing } from './closing.js';
import type { HttpOptions, ListenerOptions } from './http.options.js';
import { audienceOfRequest, type ListenerAudience, markAdminServer, stripPrefix } from './prefixes.js';
import { RouteTable, visible } from './route-table.js';
import { createSecureServer, replaceKeyPair } from './secure-server.js';

/** Milliseconds. A client that takes longer to send its headers, or its whole request, is disconnected. */
const HEADERS_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 15_000;
/** Milliseconds between checks for slow clients; Node's default of 30 s would stretch both limits. */
const LOOK_AFTER = 1_000;
/** Bytes, for administrators; the limit for public requests is configured. */
const ADMIN_BODY_LIMIT = 1024 * 1024;
const LIMITS = {
  headersTimeout: HEADERS_TIMEOUT,
  requestTimeout: REQUEST_TIMEOUT,
  connectionsCheckingInterval: LOOK_AFTER,
};

/** Which URL prefix belongs to which audience. Startup fails if a route matches no row. */
const AUDIENCES: readonly { prefix: RegExp; audience: ListenerAudience | undefined }[] = [
  { prefix: /^\/admin\/(health|version)(\/|$)/, audience: 'admin-open' },
  { prefix: /^\/(docs|openapi\.json|version)/, audience: 'admin-open' },
  { prefix: /^\/admin(\/|$)/, audience: 'admin' },
  { prefix: /^\/(health|schemas)(\/|$)/, audience: undefined },
  { prefix: /^\/(self-service|sessions|ui|\.well-known)(\/|$)/, audience: 'public' },
];

/**
 * Routes that uptime checks and gateways query with HEAD, as in Kratos. All others are GET only, recovery links above
 * all.
 */
const HEAD_TOO = /^(\/admin)?\/(health\/(alive|ready)|version)$|^\/schemas(\/:id)?$|^\/sessions\/whoami$/;

const PUBLIC = { audience: 'public' } as const;

class RegainAdapter extends FastifyAdapter {
  override reply(
    ...[reply, body, statusCode]: Parameters<FastifyAdapter['reply']>
  ): ReturnType<FastifyAdapter['reply']> {
    if (body instanceof Answer) return body.send(reply as FastifyReply) as ReturnType<FastifyAdapter['reply']>;
    return super.reply(reply, body, statusCode);
  }
}

/**
 * A Fastify adapter whose routes carry their audience, and the table of registered routes.
 *
 * @param pair certificate and key of the public listener; without it, the listener serves plain HTTP
 */
export function createAdapter(
  options: Pick<HttpOptions, 'singleHost' | 'publicBodyLimit' | 'redirectTo'> & {
    /** prefixes of extensions on the public listener */
    morePublic?: readonly string[];
  },
  newRequestId: () => string,
  pair?: KeyPair,
): { adapter: FastifyAdapter; routes: RouteTable } {
  const routes = new RouteTable(options.redirectTo);
  const adapter = new RegainAdapter({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: options.publicBodyLimit,
    forceCloseConnections: 'idle',
    genReqId: newRequestId,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => unreadable(request).send(reply),
    requestTimeout: REQUEST_TIMEOUT,
    http: LIMITS,
    ...(pair === undefined ? {} : { serverFactory: secureFactory(pair) }),
    rewriteUrl: (request: IncomingMessage) => stripPrefix(request, options.singleHost),
    routerOptions: { constraints: { audience: audienceConstraint() } },
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  fastify.addHook('onRoute', (route) => constrain(route, routes, options.morePublic ?? []));
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return { adapter, routes };
}

/** Creates the TLS server here, because Fastify passes its `http` options only to a plain one. */
const secureFactory =
  (pair: KeyPair) =>
  (handler: RequestListener, { keepAliveTimeout }: { keepAliveTimeout?: number }): Server =>
    createSecureServer(pair, { ...LIMITS, ...(keepAliveTimeout === undefined ? {} : { keepAliveTimeout }) }, handler);

/**
 * Answers a path that the router cannot decode, before any route runs. The admin listener says no more than it would to
 * a caller without a token.
 */
function unreadable(request: FastifyRequest): Answer {
  const error =
    audienceOfRequest(request.raw) === 'public'
      ? new BadRequest('The path cannot be read.')
      : new Unauthorized('No access token was given.');
  const challenge: Record<string, string> = error.status === 401 ? { 'www-authenticate': 'Bearer realm="admin"' } : {};
  return Answer.json(error.status, { error: error.toBody() }).withHeaders(challenge);
}

/** The public and the admin listener of one application. */
export class TwoListeners {
  readonly #admin: Server;
  readonly #closing: Closing;

  constructor(
    private readonly app: NestFastifyApplication,
    private readonly options: Pick<HttpOptions, 'public' | 'admin'>,
    adminPair?: KeyPair,
  ) {
    const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const handler: RequestListener = (request, response) => fastify.routing(request, response);
    this.#admin = adminPair ? createSecureServer(adminPair, LIMITS, handler) : createServer(LIMITS, handler);
    markAdminServer(this.#admin);
    this.#closing = new Closing([this.#admin, app.getHttpServer() as Server]);
  }

  /** Replaces the pair of a TLS listener, for new connections. */
  replaceKeyPair(listener: 'public' | 'admin', pair: KeyPair): void {
    const server = listener === 'admin' ? this.#admin : (this.app.getHttpServer() as Server);
    replaceKeyPair(server as SecureServer, pair);
  }

  /** Resolves to the ports in use: the requested ones, or free ones for 0. */
  async listen(): Promise<{ public: number; admin: number }> {
    await this.app.init();
    await this.app.listen(this.options.public.port, this.options.public.host || '0.0.0.0');
    try {
      await listen(this.#admin, this.options.admin);
    } catch (error) {
      await this.app.close();
      throw error;
    }
    return { public: portOf(this.app.getHttpServer() as Server), admin: portOf(this.#admin) };
  }

  /**
   * Tells keep-alive connections to close for at most `drain` milliseconds, stops accepting on both listeners, and
   * waits for running requests.
   */
  close(drain: number): Promise<void> {
    return this.#closing.run(drain);
  }
}

function listen(server: Server, { host, port }: ListenerOptions): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host || '0.0.0.0', () => {
      server.off('error', fail);
      done();
    });
  });
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

function constrain(route: RouteOptions, table: RouteTable, morePublic: readonly string[]): void {
  const more = morePublic.some((prefix) => route.url === prefix || route.url.startsWith(`${prefix}/`));
  const row = more ? PUBLIC : AUDIENCES.find(({ prefix }) => prefix.test(route.url));
  if (!row && route.url !== '*' && route.url !== '/*') throw new Error(`route ${route.url} belongs to no audience`);
  if (row?.audience !== undefined) route.constraints = { ...route.constraints, audience: row.audience };
  if (route.method === 'GET' && HEAD_TOO.test(route.url)) route.method = ['GET', 'HEAD']; // Node drops the body
  if (row?.audience === 'admin') route.bodyLimit = ADMIN_BODY_LIMIT;
  for (const method of [route.method].flat()) table.add({ method, url: route.url, audience: row?.audience });
}

/** find-my-way strategy: picks among the handlers of one path by the request's audience. */
function audienceConstraint() {
  return {
    name: 'audience',
    mustMatchWhenDerived: false,
    storage() {
      const handlers = new Map<ListenerAudience, unknown>();
      return {
        get: (asked: ListenerAudience) => [...handlers].find(([registered]) => visible(registered, asked))?.[1] ?? null,
        set: (registered: ListenerAudience, handler: unknown) => void handlers.set(registered, handler),
        del: (registered: ListenerAudience) => void handlers.delete(registered),
        empty: () => handlers.clear(),
      };
    },
    deriveConstraint: audienceOfRequest,
  } as never;
}
