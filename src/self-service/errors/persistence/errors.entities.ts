import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ErrorBody } from '../../../platform/errors/index.js';

export const FlowErrorSchema = defineEntity({
  name: 'FlowError',
  tableName: 'flow_error',
  properties: {
    id: p.uuid().primary(),
    error: p.json<ErrorBody>(),
    createdAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
    updatedAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
  },
});
export type FlowErrorEntity = InferEntity<typeof FlowErrorSchema>;

export const errorsEntities = [FlowErrorSchema];
