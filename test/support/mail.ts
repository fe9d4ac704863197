import type { TestApp } from './app.js';

/** Self-service recovery by `use`. Mail stays in the outbox, where tests can read it. */
export const mailed = (use: 'code' | 'link', more: { regain?: object; recovery?: object } = {}): object => ({
  selfservice: {
    methods: { code: { enabled: true }, link: { enabled: true } },
    flows: { recovery: { enabled: true, use, ...more.recovery } },
  },
  courier: { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } },
  regain: { courier: { show_unsent_secrets: true }, ...more.regain },
});

export interface Mail {
  id: string;
  status: string;
  recipient: string;
  subject: string;
  body: string;
  template_type: string;
}

/** The admin API's view of the messages to an address, newest first. */
export async function mailTo(app: TestApp, recipient: string): Promise<Mail[]> {
  const { body } = await app.admin().get('/admin/courier/messages').query({ recipient }).expect(200);
  return body as Mail[];
}

/** The code in the newest message. */
export async function codeTo(app: TestApp, recipient: string): Promise<string> {
  return /\b\d{6}\b/.exec((await mailTo(app, recipient))[0]?.body ?? '')?.[0] ?? '';
}

/** The link in the newest message. */
export async function linkTo(app: TestApp, recipient: string): Promise<URL> {
  return new URL(/https?:\S+/.exec((await mailTo(app, recipient))[0]?.body ?? '')?.[0] ?? '');
}

/** A different code. */
export const otherThan = (code: string): string => (code === '000000' ? '000001' : '000000');

/** A new flow of a native client. */
export async function nativeFlow(app: TestApp): Promise<string> {
  const { body } = await app.publicAgent().get('/self-service/recovery/api').expect(200);
  return (body as { id: string }).id;
}

/** Submits a native client's form. */
export const submitTo = (app: TestApp, flow: string, fields: object) =>
  app.publicAgent().post(`/self-service/recovery?flow=${flow}`).set('accept', 'application/json').send(fields);

/** Creates a code as an administrator; resolves to it and its flow. */
export async function newCode(
  app: TestApp,
  identityId: string,
  more: { expires_in?: string; flow_type?: 'browser' | 'api' } = {},
): Promise<{ flow: string; code: string }> {
  const { body } = await app
    .admin()
    .post('/admin/recovery/code')
    .send({ identity_id: identityId, ...more })
    .expect(201);
  const issued = body as { recovery_link: string; recovery_code: string };
  return { flow: new URL(issued.recovery_link).searchParams.get('flow')!, code: issued.recovery_code };
}
