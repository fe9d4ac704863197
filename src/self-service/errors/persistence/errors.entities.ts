import { defineEntity, p } from '@mikro-orm/core';
import type { ErrorBody } from '../../../platform/errors/index.js';

export const FlowErrorSchema = defineEntity({
  name: 'FlowError',
  tableName: 'flow_error',
  properties: {
    id: p.uuid().primary(),
    /** the kind stays here: no answer repeats it */
    error: p.json<ErrorBody & { kind?: string | undefined }>(),
    createdAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
    updatedAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
  },
});

export const errorsEntities = [FlowErrorSchema];
