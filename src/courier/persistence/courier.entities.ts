import { defineEntity, p } from '@mikro-orm/core';

/**
 * One outgoing message. Anything that grants access is in `secret` only, encrypted, and only until the message is sent.
 */
const CourierMessageSchema = defineEntity({
  name: 'CourierMessage',
  tableName: 'courier_message',
  properties: {
    id: p.uuid().primary(),
    status: p.text(),
    type: p.text(),
    channel: p.text(),
    templateType: p.text(),
    recipient: p.text(),
    data: p.json<Record<string, unknown>>(),
    secret: p.blob().nullable().hidden(),
    keyId: p.text().nullable(),
    correlationId: p.text().nullable(),
    sendCount: p.integer(),
    troubleCount: p.integer(),
    digestOf: p.uuid().nullable(),
    dueAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
    aboutId: p.uuid().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});
class CourierMessage extends CourierMessageSchema.class {}
CourierMessageSchema.setClass(CourierMessage);

/** One delivery attempt. */
const CourierDispatchSchema = defineEntity({
  name: 'CourierDispatch',
  tableName: 'courier_dispatch',
  properties: {
    id: p.uuid().primary(),
    messageId: p.uuid(),
    status: p.text(),
    error: p.json<unknown>().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});
class CourierDispatch extends CourierDispatchSchema.class {}
CourierDispatchSchema.setClass(CourierDispatch);

export const courierEntities = [CourierMessageSchema, CourierDispatchSchema];
