import { defineEntity, p } from '@mikro-orm/core';
import type { AuthenticationMethod, SessionOrigin } from '../session.view.js';

export const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.uuid().primary(),
    tokenDigest: p.blob().hidden(),
    identityId: p.uuid(),
    aal: p.text(),
    methods: p.json<AuthenticationMethod[]>(),
    active: p.boolean(),
    origin: p.text().$type<SessionOrigin>(),
    restricted: p.boolean(),
    grantId: p.uuid().nullable(),
    accessEpoch: p.integer(),
    issuedAt: p.datetime().columnType('timestamptz'),
    authenticatedAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
  },
});

const SessionDeviceSchema = defineEntity({
  name: 'SessionDevice',
  tableName: 'session_device',
  properties: {
    id: p.uuid().primary(),
    sessionId: p.uuid(),
    ipAddress: p.text(),
    userAgent: p.text(),
    location: p.text(),
    createdAt: p.datetime().columnType('timestamptz'),
  },
});

export const sessionEntities = [SessionSchema, SessionDeviceSchema];
