import { AsyncLocalStorage } from 'node:async_hooks';
import { type ClientAuth, ResponseBodyError } from 'openid-client';

/** In the header, or in the body. */
export type SecretWay = 'basic' | 'post';

/**
 * How a client shows its secret. Some may do so in one way only, and discovery does not tell which: where one is refused the
 * other one is tried, and what worked goes first from then on. Each exchange has a way of its own, whatever others learn
 * meanwhile.
 */
export class ClientSecret {
  readonly #way = new AsyncLocalStorage<SecretWay>();
  #learnt: SecretWay | undefined;

  /** @param made called for each exchange: some secrets are good for minutes only */
  constructor(private readonly made: () => string) {}

  /** For openid-client, within `exchange`. */
  readonly show: ClientAuth = (_server, { client_id: id }, body, headers) => {
    const secret = this.made();
    if (secret === '') {
      body.set('client_id', id); // a public client has nothing to show (RFC 6749, section 3.2.1)
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

  /** @param announced what is tried as long as nothing is known */
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

/** As RFC 6749 wants it within the header: form-encoded, which leaves most secrets as they are. */
const formEncoded = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
