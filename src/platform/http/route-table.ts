import type { FastifyRequest } from 'fastify';
import { Answer } from './answer.js';
import { type ListenerAudience, audienceOfRequest } from './prefixes.js';

export interface RegisteredRoute {
  readonly method: string;
  /** as registered: `/admin/identities/:id` */
  readonly url: string;
  /** the route's constraint; undefined: answers on both listeners */
  readonly audience: ListenerAudience | undefined;
}

/** The base URLs of both listeners, without a trailing slash. */
export interface ListenerAddresses {
  readonly public: string;
  readonly admin: string;
}

/** Paths of the public listener that the admin listener redirects; nobody looks for pages there. */
const PUBLIC_API = /^\/(self-service|sessions)(\/|$)/;

/** Every route of the router, recorded on registration. */
export class RouteTable {
  readonly #routes: (RegisteredRoute & { pattern: RegExp })[] = [];

  /** @param redirectTo base URLs for redirecting requests that belong to the other listener; absent: answer 404 */
  constructor(private readonly redirectTo?: ListenerAddresses) {}

  add(route: RegisteredRoute): void {
    const escaped = route.url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}$`);
    this.#routes.push({ ...route, pattern });
  }

  all(): readonly RegisteredRoute[] {
    return this.#routes;
  }

  /** 405 with `Allow` if the path exists for another method, else 404. Plain text, like Kratos' recorded answers. */
  notFound(request: FastifyRequest): Answer {
    const elsewhere = this.redirectTo && this.#elsewhere(request, this.redirectTo);
    if (elsewhere !== undefined) return Answer.temporaryRedirect(elsewhere);
    const methods = this.#methods(request);
    if (methods.length === 0) return Answer.text(404, '404 page not found');
    return Answer.text(405, 'Method Not Allowed').withHeaders({ allow: methods.join(', ') });
  }

  /** The redirect target, as in Kratos: the other listener's route under this path, or under /admin plus this path. */
  #elsewhere(request: FastifyRequest, addresses: ListenerAddresses): string | undefined {
    const [path = '/', ...query] = (request.raw.url ?? '/').split('?');
    const audience = audienceOfRequest(request.raw);
    const has = (wanted: ListenerAudience, at: string): boolean =>
      this.#routes.some(
        (r) => r.audience === wanted && r.method === request.method && !r.url.endsWith('*') && r.pattern.test(at),
      );
    const to = (base: string, at: string): string => [`${base}${at}`, ...query].join('?');
    if (audience === 'admin')
      return PUBLIC_API.test(path) && has('public', path) ? to(addresses.public, path) : undefined;
    if (audience !== 'public') return undefined;
    const found = [path, `/admin${path}`].find((at) => has('admin', at));
    return found === undefined ? undefined : to(addresses.admin, found);
  }

  #methods(request: FastifyRequest): string[] {
    const path = (request.raw.url ?? '/').split('?')[0]!;
    const audience = audienceOfRequest(request.raw);
    const here = this.#routes.filter(
      (r) => !r.url.endsWith('*') && visible(r.audience, audience) && r.pattern.test(path),
    );
    return [...new Set(here.map((r) => r.method))].filter((method) => method !== request.method).sort();
  }
}

/** Whether a request for audience `request` may see a route registered for `route`. */
export function visible(route: ListenerAudience | undefined, request: ListenerAudience): boolean {
  if (request === 'single-host') return route === 'admin';
  if (request === 'admin') return route !== 'public';
  return route === undefined || route === request;
}
