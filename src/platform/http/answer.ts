import type { FastifyReply } from 'fastify';

/** As Go says it in the body of a redirection. */
const LEADS: Record<number, string> = { 302: 'Found', 307: 'Temporary Redirect' };

const NO_STORE = 'private, no-cache, no-store, must-revalidate';

/**
 * What a controller method returns when it is more than a JSON body with the route's status.
 * Immutable: every `with…` gives a new answer.
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

  /** 302, which Kratos answers to whoever is, or is not, signed in. */
  static found(location: string): Answer {
    return Answer.#redirect(302, location);
  }

  /** 303. Carries or follows a secret more often than not: never cached, never a referrer. */
  static seeOther(location: string): Answer {
    return Answer.#redirect(303, location);
  }

  static #redirect(status: number, location: string): Answer {
    return new Answer(status, undefined, { location, 'cache-control': NO_STORE, 'referrer-policy': 'no-referrer' });
  }

  /** 307: the same request, elsewhere. */
  static temporaryRedirect(location: string): Answer {
    return new Answer(307, undefined, { location, 'cache-control': NO_STORE, 'referrer-policy': 'no-referrer' });
  }

  withHeaders(headers: Record<string, string>): Answer {
    return new Answer(this.status, this.body, { ...this.headers, ...headers }, this.cookies);
  }

  /** @param cookies `Set-Cookie` lines; undefined ones are left out */
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
      reply.header('content-type', 'application/json; charset=utf-8');
      return reply.send(JSON.stringify(this.body));
    }
    return reply.send(this.body);
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
