import { defineEntity, p } from '@mikro-orm/core';

/** One outgoing message. What lets anybody in stands in `secret` only, encrypted, and only until it is sent. */
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
    createdAt: p.datetime().columnType('timestamptz'),
    updatedAt: p.datetime().columnType('timestamptz'),
  },
});
export class CourierMessage extends CourierMessageSchema.class {}
CourierMessageSchema.setClass(CourierMessage);

export const courierEntities = [CourierMessageSchema];
