import fc from 'fast-check';
import { Acts } from './acts.js';
import { begin, COMMANDS } from './commands.js';
import type { Person, Stage } from './stage.js';

/** Played in every run, so that failures are reproducible. Each run adds as many random seeds. */
const SEEDS = [1_401, 1_402];
const MOST_COMMANDS = 40;
/** Identities created at a time. */
const BATCH = 25;

export interface Play {
  /** sequences of commands, one person each */
  sequences: number;
}

/**
 * Plays random sequences of what people, attackers, administrators and time do to an account, on two nodes. The answer to each
 * command and the live sessions after it must be the model's. Resolves to the figures, for the reader. A failure names the seed
 * and the shortest failing sequence.
 */
export async function playModel(stage: Stage, { sequences }: Play): Promise<string> {
  const acts = new Acts(stage);
  const next = people(stage);
  const seeds = [...SEEDS, ...SEEDS.map(() => Math.floor(Math.random() * 2 ** 31))];
  const tally = new Map<string, number>();
  console.log(`seeds ${seeds.join(', ')}`);
  const property = () =>
    fc.asyncProperty(fc.commands(COMMANDS, { maxCommands: MOST_COMMANDS, size: 'max' }), async (sequence) => {
      const real = { stage, acts, person: await next(), tally };
      const model = await begin(real);
      await fc.asyncModelRun(() => ({ model, real }), sequence);
    });
  const numRuns = Math.ceil(sequences / seeds.length);
  await Promise.all(seeds.map((seed) => fc.assert(property(), { seed, numRuns, unbiased: true })));
  const commands = [...tally.values()].reduce((sum, each) => sum + each, 0);
  console.log([...tally].map(([name, times]) => `${times} ${name}`).join('\n'));
  return `${numRuns * seeds.length} sequences, ${commands} commands, each answered as the model says`;
}

/** Hands out people one at a time, also to concurrent callers. */
function people(stage: Stage): () => Promise<Person> {
  let ready: Person[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const person = turn.then(async () => {
      if (ready.length === 0) ready = await stage.people(BATCH);
      return ready.pop()!;
    });
    turn = person.catch(() => undefined);
    return person;
  };
}
