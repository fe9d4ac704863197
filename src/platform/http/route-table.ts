import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Answer } from './answer.js';
import { type ListenerAudience, audienceOfRequest } from './prefixes.js';

export interface RegisteredRoute {
  readonly method: string;
  /** as registered: `/admin/identities/:id` */
  readonly url: string;
  /** the constraint it carries; undefined answers on both listeners */
  readonly audience: ListenerAudience | undefined;
}

/** Every route that the router really has, written down as it is registered. */
@Injectable()
export class RouteTable {
  readonly #routes: (RegisteredRoute & { pattern: RegExp })[] = [];

  add(route: RegisteredRoute): void {
    const escaped = route.url.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
    const pattern = new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+').replaceAll('*', '.*')}$`);
    this.#routes.push({ ...route, pattern });
  }

  all(): readonly RegisteredRoute[] {
    return this.#routes;
  }

  /** 405 with `Allow` where the path exists for another method, else 404; plain text, as recorded. */
  notFound(request: FastifyRequest): Answer {
    const methods = this.#methods(request);
    if (methods.length === 0) return Answer.text(404, '404 page not found');
    return Answer.text(405, 'Method Not Allowed').withHeaders({ allow: methods.join(', ') });
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

/** Whether a route registered for `route` is to be seen by a request for `request`. */
export function visible(route: ListenerAudience | undefined, request: ListenerAudience): boolean {
  if (request === 'single-host') return route === 'admin';
  if (request === 'admin') return route !== 'public';
  return route === undefined || route === request;
}
