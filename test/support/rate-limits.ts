import type { Response } from 'supertest';
import { startTestApp, type TestApp } from './app.js';
import { beginNative, credentials, send } from './login-steps.js';
import { mailed, nativeFlow, submitTo } from './mail.js';
import type { Person } from './people.js';

type Options = NonNullable<Parameters<typeof startTestApp>[0]>;

const apps: TestApp[] = [];
export const stopAll = (): Promise<unknown> => Promise.all(apps.splice(0).map((app) => app.stop()));

/** An application with these limits, and generous ones for the rest. It trusts the tests' X-Forwarded-For. */
export async function limited(limits: Record<string, string>, more: Options = {}): Promise<TestApp> {
  const config = mailed('code', { regain: { rate_limits: limits, serve: { trusted_proxies: ['127.0.0.1'] } } });
  const app = await startTestApp({ config, ...more });
  apps.push(app);
  return app;
}

export const NOBODY: Person = { id: '', email: 'nobody.at.all@example.com' };

/** The answers of consecutive requests. */
export async function attempts<T>(times: number, once: (at: number) => PromiseLike<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let at = 0; at < times; at++) answers.push(await once(at));
  return answers;
}

export const statuses = (answers: readonly Response[]): number[] => answers.map(({ status }) => status);

const ELSEWHERE = '198.51.100.250';
let network = 0;
/** An address that no other request in the file uses. */
export const newNetwork = (): string => `198.51.100.${++network}`;

/** Signs in as a native client does. */
export async function login(
  app: TestApp,
  who: Person,
  { password = 'wrong', from = ELSEWHERE } = {},
): Promise<Response> {
  const flow = await beginNative(app);
  return send(app, flow, credentials(who, password)).set('x-forwarded-for', from);
}

/** Requests a code in a new flow. */
export async function ask(app: TestApp, email: string, from = ELSEWHERE): Promise<Response & { flow: string }> {
  const flow = await nativeFlow(app);
  const answer = await submitTo(app, flow, { method: 'code', email }).set('x-forwarded-for', from);
  return Object.assign(answer, { flow });
}

export const guess = (app: TestApp, flow: string, code: string, from: string) =>
  submitTo(app, flow, { method: 'code', code }).set('x-forwarded-for', from);

/** What distinguishes two answers, ignoring the clock. */
export const shape = ({ status, headers, body }: Response) => ({
  status,
  headers: Object.keys(headers as object).sort(),
  limit: ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-policy'].map((name) => String(headers[name])),
  body: JSON.parse(JSON.stringify(body).replace(/\d+ (seconds?|minutes?)/g, 'N')) as unknown,
});
