import { defineEntity, p } from '@mikro-orm/core';
import type { ErrorBody } from '../../../platform/errors/index.js';

export const FlowErrorSchema = defineEntity({
  name: 'FlowError',
  tableName: 'flow_error',
  properties: {
    id: p.uuid().primary(),
    /** no answer repeats the kind */
    error: p.json<ErrorBody & { kind?: string | undefined }>(),
    createdAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
    updatedAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
  },
});

export const errorsEntities = [FlowErrorSchema];
