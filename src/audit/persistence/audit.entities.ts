import { defineEntity, p, sql } from '@mikro-orm/core';
import type { AuditDetail } from '../audit.detail.js';

const AuditEventSchema = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_event',
  properties: {
    id: p.uuid().primary(),
    at: p
      .datetime()
      .columnType('timestamptz')
      .default(sql`clock_timestamp()`),
    actorType: p.text(),
    actorId: p.text().nullable(),
    actorLabel: p.text().nullable(),
    action: p.text(),
    outcome: p.text(),
    targetType: p.text().nullable(),
    targetId: p.text().nullable(),
    grantId: p.uuid().nullable(),
    reason: p.text().nullable(),
    ticket: p.text().nullable(),
    requestId: p.text().nullable(),
    network: p.text().nullable(),
    userAgent: p.text().nullable(),
    detail: p.json<AuditDetail>().nullable(),
  },
  indexes: [
    { name: 'audit_event_target', properties: ['targetId', 'id'] },
    { name: 'audit_event_action', properties: ['action', 'id'] },
  ],
});

export class AuditEventRow extends AuditEventSchema.class {}
AuditEventSchema.setClass(AuditEventRow);

export const auditEntities = [AuditEventSchema];
