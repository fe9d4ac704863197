import { setTimeout } from 'node:timers/promises';

export interface Ask {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Answered {
  readonly path: string;
  /** milliseconds of performance.now() */
  readonly began: number;
  readonly took: number;
  /** 0: no answer at all */
  readonly status: number;
}

/** Milliseconds after which a client gives up; far beyond any allowed answer time. */
const NO_ANSWER = 60_000;

/** Clients that send requests continuously, each after its last answer. Keeps every answer. */
export class SteadyRequests {
  readonly answers: Answered[] = [];
  #over = false;
  readonly #clients: Promise<void>[] = [];

  start(asks: readonly Ask[], pause: number): void {
    for (const ask of asks) this.#clients.push(this.#repeat(ask, pause));
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#clients);
  }

  /** Answers to requests that started within this time. */
  between(from: number, to = Infinity): Answered[] {
    return this.answers.filter(({ began }) => began >= from && began < to);
  }

  async #repeat(ask: Ask, pause: number): Promise<void> {
    while (!this.#over) {
      this.answers.push(await answerTo(ask));
      await setTimeout(pause);
    }
  }
}

async function answerTo({ url, method = 'GET', headers = {}, body }: Ask): Promise<Answered> {
  const began = performance.now();
  const path = new URL(url).pathname;
  try {
    const signal = AbortSignal.timeout(NO_ANSWER);
    const answer = await fetch(url, { method, headers, redirect: 'manual', signal, ...(body ? { body } : {}) });
    await answer.arrayBuffer();
    return { path, began, took: performance.now() - began, status: answer.status };
  } catch {
    return { path, began, took: performance.now() - began, status: 0 };
  }
}

export const longest = (answers: readonly Answered[]): number =>
  Math.round(Math.max(0, ...answers.map(({ took }) => took)));

/** `200 x12, 503 x3` */
export function counts(answers: readonly Answered[]): string {
  const by = new Map<number, number>();
  for (const { status } of answers) by.set(status, (by.get(status) ?? 0) + 1);
  return [...by]
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status} x${count}`)
    .join(', ');
}
