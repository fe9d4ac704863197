import { startTestApp, type TestApp } from '../support/app.js';

/** Schemas of these specs: one with identifiers and addresses, one without. */
export const PERSON = {
  type: 'object',
  properties: {
    traits: {
      type: 'object',
      properties: {
        email: {
          type: 'string',
          format: 'email',
          'ory.sh/kratos': {
            credentials: { password: { identifier: true }, code: { identifier: true, via: 'email' } },
            verification: { via: 'email' },
            recovery: { via: 'email' },
          },
        },
        username: {
          type: 'string',
          minLength: 3,
          'ory.sh/kratos': { credentials: { password: { identifier: true } } },
        },
        age: { type: 'integer', minimum: 0 },
      },
      additionalProperties: false,
    },
  },
};
export const NOTE = {
  type: 'object',
  properties: { traits: { type: 'object', properties: { note: { type: 'string' } } } },
};
const urlOf = (schema: object) => `base64://${Buffer.from(JSON.stringify(schema)).toString('base64')}`;

interface Credential {
  type: string;
  identifiers: string[];
  config?: Record<string, unknown>;
  version: number;
}

export interface Identity {
  id: string;
  credentials?: Record<string, Credential>;
  [field: string]: unknown;
}

let count = 0;
export const nextNumber = (): number => ++count;
export const someone = (): string => `user.${nextNumber()}@example.com`;

export function startWithSchemas(): Promise<TestApp> {
  const schemas = [
    { id: 'person', url: urlOf(PERSON) },
    { id: 'note', url: urlOf(NOTE) },
  ];
  return startTestApp({ config: { identity: { default_schema_id: 'person', schemas } } });
}
