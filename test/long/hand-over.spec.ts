import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abandon, SHORT } from '../faults/hand-over/abandoned.js';
import { haveAccidents } from '../faults/hand-over/accidents.js';
import { completeLate } from '../faults/hand-over/late-proofs.js';
import { mailboxAgainstDesk, mailboxWithoutFactor } from '../faults/hand-over/mailbox.js';
import { raceHandOvers } from '../faults/hand-over/races.js';
import { Stage } from '../faults/hand-over/stage.js';

const ROUNDS = 200;

function print(figures: string): void {
  console.log(figures);
  expect(figures).toContain(`${ROUNDS}`);
}

describe('an account during its hand-over, on two processes', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set()));
  afterAll(() => stage?.clear());

  test('does not open to anything older', async () => print(await raceHandOvers(stage, ROUNDS)));
  test('does not open to an earlier proof', async () => print(await completeLate(stage, ROUNDS)));
  test('goes to the administrator’s link, not to the mailbox', async () => {
    print(await mailboxAgainstDesk(stage, ROUNDS));
    print(await mailboxWithoutFactor(stage, ROUNDS));
  });
});

describe('a hand-over of seconds, on two processes', () => {
  let stage: Stage;
  beforeAll(async () => void (stage = await Stage.set(SHORT)));
  afterAll(() => stage?.clear());

  test('locks nobody out when abandoned', async () => print(await abandon(stage, ROUNDS)));
  test('survives accidents', async () => print(await haveAccidents(stage, ROUNDS)));
});
