import { ClientError } from 'openid-client';

/** Maximum number of keys to try for a signature that names no key. */
const MOST_KEYS = 10;

/**
 * One exchange of a code for tokens. A code works only once, so the provider's answer is kept while it is verified
 * again, with reloaded keys or with one key after the other.
 */
export class TokenExchange {
  readonly #said = new Map<string, Response>();
  #answer: Response | undefined;
  #keys: unknown[] | undefined;
  #only: number | undefined;

  /** Whether there is an answer to verify again. */
  get answered(): boolean {
    return this.#answer !== undefined;
  }

  /** Indexes of the keys to try. Known once the keys have been requested. */
  get keyNumbers(): number[] {
    return Array.from({ length: Math.min(this.#keys?.length ?? 1, MOST_KEYS) }, (_, nr) => nr);
  }

  /** Exposes only one of the provider's keys. */
  showOnly(nr: number): void {
    this.#only = nr;
  }

  /** The kept answer, or the result of the request. */
  async token(ask: () => Promise<Response>): Promise<Response> {
    if (this.#answer) return this.#answer.clone();
    const answer = await tolerated(await ask());
    if (answer.ok) this.#answer = answer.clone();
    return answer;
  }

  /** Fetches a URL once and caches the answer; of the keys, only the exposed ones are returned. */
  async read(address: string, ask: () => Promise<Response>): Promise<Response> {
    const said = this.#said.get(address) ?? (await ask());
    if (said.ok) this.#said.set(address, said);
    const keys = await keysOf(said.clone());
    if (keys === undefined) return said.clone();
    this.#keys = keys;
    return this.#only === undefined ? said.clone() : Response.json({ keys: keys.slice(this.#only, this.#only + 1) });
  }
}

async function keysOf(answer: Response): Promise<unknown[] | undefined> {
  const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  const keys = body !== null && typeof body === 'object' && 'keys' in body ? body.keys : undefined;
  return Array.isArray(keys) ? keys : undefined;
}

/** Some providers answer 201, or omit the type of the access token; there is only one type. */
async function tolerated(answer: Response): Promise<Response> {
  if (!answer.ok) return answer;
  const body: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return answer;
  const { token_type: type, ...rest } = body as Record<string, unknown>;
  return Response.json({ ...rest, token_type: typeof type === 'string' && type !== '' ? type : 'bearer' });
}

/**
 * What a failed check says about the keys: `wrong` if none matched, `ambiguous` if the token doesn't say which to use.
 * Undefined: the check was about something else.
 */
export function keyTrouble(error: unknown): 'wrong' | 'ambiguous' | undefined {
  const said = error instanceof ClientError && error.cause instanceof Error ? error.cause.message : '';
  if (said.includes('multiple applicable keys')) return 'ambiguous';
  return /signature verification failed|no applicable keys/.test(said) ? 'wrong' : undefined;
}
