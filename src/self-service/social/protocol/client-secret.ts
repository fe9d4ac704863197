import { AsyncLocalStorage } from 'node:async_hooks';
import { type ClientAuth, ResponseBodyError } from 'openid-client';

/** In the header, or in the body. */
export type SecretWay = 'basic' | 'post';

/**
 * Sends the client's secret. Some providers accept only one way, and discovery doesn't say which: if one is refused,
 * the other is tried, and the one that worked goes first from then on. Each exchange keeps its own way, whatever
 * concurrent ones learn.
 */
export class ClientSecret {
  readonly #way = new AsyncLocalStorage<SecretWay>();
  #learnt: SecretWay | undefined;

  /** @param made called for each exchange, because some secrets are only valid for minutes */
  constructor(private readonly made: () => string) {}

  /** For openid-client, within `exchange`. */
  readonly show: ClientAuth = (_server, { client_id: id }, body, headers) => {
    const secret = this.made();
    if (secret === '') {
      body.set('client_id', id); // a public client has no secret (RFC 6749, section 3.2.1)
      return;
    }
    if (this.#way.getStore() === 'post') {
      body.set('client_id', id);
      body.set('client_secret', secret);
      return;
    }
    const pair = `${formEncoded(id)}:${formEncoded(secret)}`;
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
  };

  /** @param announced the way to try while none is known to work */
  async exchange<T>(announced: SecretWay, work: () => Promise<T>): Promise<T> {
    const first = this.#learnt ?? announced;
    try {
      return await this.#by(first, work);
    } catch (error) {
      if (!(error instanceof ResponseBodyError && error.error === 'invalid_client')) throw error;
      return this.#by(first === 'basic' ? 'post' : 'basic', work);
    }
  }

  async #by<T>(way: SecretWay, work: () => Promise<T>): Promise<T> {
    const result = await this.#way.run(way, work);
    this.#learnt = way;
    return result;
  }
}

/** Form-encoded, as RFC 6749 requires in the header; this leaves most secrets unchanged. */
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
