import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abandon, SHORT } from './hand-over/abandoned.js';
import { haveAccidents } from './hand-over/accidents.js';
import { completeLate } from './hand-over/late-proofs.js';
import { mailboxAgainstDesk, mailboxWithoutFactor } from './hand-over/mailbox.js';
import { raceHandOvers } from './hand-over/races.js';
import { Stage } from './hand-over/stage.js';

/* A smaller run of test/long/hand-over.spec.ts. */
const ROUNDS = 20;
const BUSY = { timeout: 600_000 };

function print(figures: string): void {
  console.log(figures);
  expect(figures).toContain(`${ROUNDS}`);
}

describe('an account during its hand-over, on two processes', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()));
  afterAll(() => stage?.clear());

  test('does not open to anything older', BUSY, async () => print(await raceHandOvers(stage, ROUNDS)));

  test('does not open to a proof checked before', BUSY, async () => print(await completeLate(stage, ROUNDS)));

  test('goes to the administrator’s link, not to the mailbox', BUSY, async () => {
    print(await mailboxAgainstDesk(stage, ROUNDS));
    print(await mailboxWithoutFactor(stage, ROUNDS));
  });
});

describe('a hand-over of seconds, on two processes', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set(SHORT)));
  afterAll(() => stage?.clear());

  test('shuts nobody out when abandoned', BUSY, async () => print(await abandon(stage, ROUNDS)));

  test('survives accidents', BUSY, async () => print(await haveAccidents(stage, ROUNDS)));
});
