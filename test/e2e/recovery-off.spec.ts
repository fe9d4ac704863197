import { afterEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { newPerson } from '../support/people.js';

let app: TestApp | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

interface Answer {
  status: number;
  body: { error: { reason: string } };
}

async function issue(kind: 'link' | 'code', selfservice: object, parity = false): Promise<Answer> {
  app = await startTestApp({ config: { selfservice }, parity });
  const { id } = await newPerson(app);
  return app.admin().post(`/admin/recovery/${kind}`).send({ identity_id: id });
}

const KRATOS =
  'This endpoint was disabled by system administrator. Please check your url or contact the system administrator to enable it.';

describe('if recovery is off, the administrator learns by which key', () => {
  test.each([
    ['link', { flows: { recovery: { enabled: false } } }, ['selfservice.flows.recovery.enabled is false.']],
    ['link', { methods: { link: { enabled: false } } }, ['selfservice.methods.link.enabled is false.']],
    [
      'code',
      { methods: { code: { enabled: false } }, flows: { recovery: { enabled: false } } },
      ['selfservice.flows.recovery.enabled is false.', 'selfservice.methods.code.enabled is false.'],
    ],
  ] as const)('a %s with %j', async (kind, selfservice, sentences) => {
    const { status, body } = await issue(kind, selfservice);
    expect(status).toBe(404);
    expect(body.error.reason).toBe([KRATOS, ...sentences].join(' '));
  });

  test('with parity the reason is Kratos’', async () => {
    const { status, body } = await issue('link', { methods: { link: { enabled: false } } }, true);
    expect([status, body.error.reason]).toEqual([404, KRATOS]);
  });
});
