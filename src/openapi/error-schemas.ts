import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const error = { $ref: '#/components/schemas/genericError' };
const redirect_browser_to = {
  type: 'string',
  format: 'uri',
  description: 'The URL to send the browser to.',
  example: 'http://127.0.0.1:4433/self-service/login/browser?refresh=true',
};

/** The errors that any operation may answer with, in Kratos' shapes and under Kratos' names. */
export const ERROR_SCHEMAS: Schemas = {
  genericError: {
    type: 'object',
    required: ['code', 'status', 'message'],
    properties: {
      id: {
        type: 'string',
        description: 'Stable id, for errors that clients handle differently.',
        example: 'session_refresh_required',
      },
      code: { type: 'integer', description: 'The status code.', example: 404 },
      status: { type: 'string', description: 'The status code in words.', example: 'Not Found' },
      reason: {
        type: 'string',
        description: 'What to change.',
        example: 'The recovery request could not be found. Please restart the flow.',
      },
      details: { type: 'object', additionalProperties: true, description: 'Details for programs.', example: {} },
      message: { type: 'string', example: 'The requested resource could not be found' },
    },
  },
  errorGeneric: {
    type: 'object',
    required: ['error'],
    properties: {
      error,
      CredentialsMissing: { type: 'boolean', description: 'With a 401 if no one is signed in.', example: false },
    },
  },
  errorBrowserLocationChangeRequired: {
    type: 'object',
    required: ['error', 'redirect_browser_to'],
    properties: { error, redirect_browser_to },
  },
  needsPrivilegedSessionError: {
    type: 'object',
    required: ['error'],
    properties: { error, redirect_browser_to },
  },
  selfServiceFlowExpiredError: {
    type: 'object',
    required: ['error'],
    properties: {
      error,
      use_flow_id: {
        type: 'string',
        format: 'uuid',
        description: 'After a submission: the flow that replaces this one and says that it has expired.',
        example: '0d1f3a2b-5c4e-4f6a-8b7c-9d0e1f2a3b4c',
      },
      expired_at: { type: 'string', format: 'date-time', example: '2030-01-31T09:00:00.000Z' },
      since: { type: 'integer', description: 'How long ago it expired, in nanoseconds.', example: 60000000000 },
    },
  },
};
