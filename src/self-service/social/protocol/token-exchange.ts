import { ClientError } from 'openid-client';

/** How many keys a signature without a key's name is tried with. */
const MOST_KEYS = 10;

/**
 * One exchange of a code for tokens. A code is good once, so what the provider answered is kept while the answer is judged
 * again: by keys that were asked for anew, or by one key after the other.
 */
export class TokenExchange {
  readonly #said = new Map<string, Response>();
  #answer: Response | undefined;
  #keys: unknown[] | undefined;
  #only: number | undefined;

  /** Whether there is an answer to judge again. */
  get answered(): boolean {
    return this.#answer !== undefined;
  }

  /** The numbers of the keys to try. Known once somebody asked for keys. */
  get keyNumbers(): number[] {
    return Array.from({ length: Math.min(this.#keys?.length ?? 1, MOST_KEYS) }, (_, nr) => nr);
  }

  /** Shows one key of the provider's only. */
  showOnly(nr: number): void {
    this.#only = nr;
  }

  /** The kept answer, or the one that comes. */
  async token(ask: () => Promise<Response>): Promise<Response> {
    if (this.#answer) return this.#answer.clone();
    const answer = await tolerated(await ask());
    if (answer.ok) this.#answer = answer.clone();
    return answer;
  }

  /** What the provider says at an address, asked for once; of its keys, those to be shown. */
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

/** Some providers answer 201, or forget to say which type the access token has: there is only one. */
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
 * What a failed check says about the keys that a signature was compared with: they were not the right ones, or the token does
 * not say which of them. Undefined: the check was about something else.
 */
export function keyTrouble(error: unknown): 'wrong' | 'ambiguous' | undefined {
  const said = error instanceof ClientError && error.cause instanceof Error ? error.cause.message : '';
  if (said.includes('multiple applicable keys')) return 'ambiguous';
  return /signature verification failed|no applicable keys/.test(said) ? 'wrong' : undefined;
}
