import { afterAll, beforeAll, expect, test } from 'vitest';
import { SessionService } from '../../src/session/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newPerson, type Person } from '../support/people.js';

/** What an account can learn about others' addresses in a day. */
const A_DAY = 3;

let app: TestApp;
let taken: string[];
beforeAll(async () => {
  // The count holds on its own, even if changes of one account can overlap.
  const regain = { rate_limits: { new_address: `${A_DAY}/24h` }, settings: { one_at_a_time: false } };
  app = await startTestApp({ config: { regain } });
  taken = await Promise.all(Array.from({ length: 8 }, async () => (await newPerson(app)).email));
}, 60_000);
afterAll(() => app.stop());

/** Submits the profile in a session of its own; resolves to the status and the form's messages. */
async function probe({ id }: Person, traits: object): Promise<{ status: number; said: unknown }> {
  const { token } = await app.get(SessionService).issue({ identityId: id, methods: ['password'], origin: 'login' });
  const agent = () => app.publicAgent().set('x-session-token', token) as ReturnType<TestApp['publicAgent']>;
  const { body } = await agent().get('/self-service/settings/api').expect(200);
  const answer = await agent()
    .post('/self-service/settings')
    .query({ flow: body.id })
    .send({ method: 'profile', traits });
  return { status: answer.status, said: answer.body.ui?.messages ?? answer.body.error?.id };
}

test('an account learns about a few addresses, over all its sessions; beyond them taken and free look the same', async () => {
  const eve = await newPerson(app);
  const answers = [];
  for (const email of taken) answers.push(await probe(eve, { email }));
  expect(answers.slice(0, A_DAY).map(({ status }) => status)).toEqual(Array(A_DAY).fill(400));
  const free = await probe(eve, { email: `free.${eve.email}` });
  expect(new Set([...answers.slice(A_DAY), free].map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify({ status: 429, said: 'rate_limited' })]),
  );
});

test('concurrently too', async () => {
  const eve = await newPerson(app);
  const statuses = (await Promise.all(taken.map((email) => probe(eve, { email })))).map(({ status }) => status);
  expect(statuses.filter((status) => status !== 429)).toHaveLength(A_DAY);
});

test('in any spelling, and mixed with free ones', async () => {
  const eve = await newPerson(app);
  const tries = [taken[0]!, `a.${eve.email}`, taken[1]!.toUpperCase(), `b.${eve.email}`, taken[2]!];
  const statuses = [];
  for (const email of tries) statuses.push((await probe(eve, { email })).status);
  expect(statuses).toEqual([400, 200, 400, 429, 429]);
});

test('a change that adds nothing new is not counted', async () => {
  const ada = await newPerson(app);
  for (let i = 0; i < A_DAY + 2; i++)
    expect((await probe(ada, { email: i % 2 ? ada.email.toUpperCase() : ada.email })).status).toBe(200);
  expect((await probe(ada, { email: taken[0] })).status).toBe(400);
});
