import type { FastifyReply } from 'fastify';
import { inTurns } from '../clock/index.js';

/** Go's link texts for the body of a redirect. */
const LEADS: Record<number, string> = { 302: 'Found', 307: 'Temporary Redirect' };

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_STORE = 'private, no-cache, no-store, must-revalidate';

/**
 * What a controller method returns when a JSON body with the route's status is not enough.
 * Immutable: every `with…` returns a new answer.
 */
export class Answer {
  private constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
    readonly cookies: readonly string[] = [],
  ) {}

  static json(status: number, body: unknown): Answer {
    return new Answer(status, body, { 'cache-control': NO_STORE });
  }

  /** A list that may be long: made and written piece by piece, and others get their turn in between. */
  static async list<Item>(items: readonly Item[], present: (item: Item) => object): Promise<Answer> {
    const texts = await inTurns(items, (item) => JSON.stringify(present(item)));
    return new Answer(200, `[${texts.join(',')}]`, { 'cache-control': NO_STORE, 'content-type': JSON_TYPE });
  }

  static empty(status = 204): Answer {
    return new Answer(status, undefined, { 'cache-control': NO_STORE });
  }

  static html(status: number, page: string): Answer {
    return new Answer(status, page, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': NO_STORE,
      'referrer-policy': 'no-referrer',
    });
  }

  static text(status: number, text: string): Answer {
    return new Answer(status, `${text}\n`, { 'content-type': 'text/plain; charset=utf-8' });
  }

  /** 302, Kratos' redirect for requests that require, or forbid, being signed in. */
  static found(location: string): Answer {
    return Answer.#redirect(302, location);
  }

  /** 303. Usually carries or follows a secret, so it is never cached and sends no referrer. */
  static seeOther(location: string): Answer {
    return Answer.#redirect(303, location);
  }

  static #redirect(status: number, location: string): Answer {
    return new Answer(status, undefined, { location, 'cache-control': NO_STORE, 'referrer-policy': 'no-referrer' });
  }

  /** 307: repeats the same request elsewhere. */
  static temporaryRedirect(location: string): Answer {
    return new Answer(307, undefined, { location, 'cache-control': NO_STORE, 'referrer-policy': 'no-referrer' });
  }

  withHeaders(headers: Record<string, string>): Answer {
    return new Answer(this.status, this.body, { ...this.headers, ...headers }, this.cookies);
  }

  /** @param cookies `Set-Cookie` lines; undefined entries are skipped */
  withCookies(...cookies: (string | undefined)[]): Answer {
    const set = cookies.filter((cookie) => cookie !== undefined);
    return new Answer(this.status, this.body, this.headers, [...this.cookies, ...set]);
  }

  send(reply: FastifyReply): FastifyReply {
    for (const cookie of this.cookies) reply.header('set-cookie', cookie);
    reply.code(this.status).headers(this.headers);
    const location = this.headers['location'];
    if (location !== undefined && reply.request.method === 'GET') {
      reply.header('content-type', 'text/html; charset=utf-8');
      return reply.send(`<a href="${escapeHtml(location)}">${LEADS[this.status] ?? 'See Other'}</a>.\n`);
    }
    if (this.body !== undefined && typeof this.body === 'object') {
      reply.header('content-type', JSON_TYPE);
      return reply.send(JSON.stringify(this.body));
    }
    return reply.send(this.body);
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
