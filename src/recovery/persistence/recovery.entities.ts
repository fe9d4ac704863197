import { defineEntity, p } from '@mikro-orm/core';
import type { NodeMessages, StoredMessage } from '../../platform/flow/index.js';

const RecoveryFlowSchema = defineEntity({
  name: 'RecoveryFlow',
  tableName: 'recovery_flow',
  properties: {
    id: p.uuid().primary(),
    type: p.text().$type<'browser' | 'api'>(),
    state: p.text(),
    activeMethod: p.text().nullable(),
    requestUrl: p.text(),
    returnTo: p.text().nullable(),
    csrfDigest: p.blob().nullable(),
    skipCsrf: p.boolean(),
    messages: p.json<StoredMessage[]>(),
    nodeMessages: p.json<NodeMessages>(),
    submitted: p.json<Record<string, unknown>>(),
    submitCount: p.integer(),
    mailCount: p.integer(),
    identityId: p.uuid().nullable(),
    issuedByAdmin: p.boolean(),
    issuedAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
  },
});
class RecoveryFlow extends RecoveryFlowSchema.class {}
RecoveryFlowSchema.setClass(RecoveryFlow);

/** One issued link or code. The secret itself is never stored. */
const RecoveryGrantSchema = defineEntity({
  name: 'RecoveryGrant',
  tableName: 'recovery_grant',
  properties: {
    id: p.uuid().primary(),
    kind: p.text().$type<'link' | 'code'>(),
    digest: p.blob().hidden(),
    keyId: p.text().nullable(),
    flowId: p.uuid(),
    identityId: p.uuid().nullable(),
    sentTo: p.text().nullable(),
    purpose: p.text(),
    reset: p.array().columnType('text[]').default([]),
    issuedByType: p.text(),
    issuedById: p.text().nullable(),
    createdAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
    usedAt: p.datetime().columnType('timestamptz').nullable(),
    revokedAt: p.datetime().columnType('timestamptz').nullable(),
    sessionId: p.uuid().nullable(),
    nonceDigest: p.blob().nullable().hidden(),
  },
});
export class RecoveryGrant extends RecoveryGrantSchema.class {}
RecoveryGrantSchema.setClass(RecoveryGrant);

export const recoveryEntities = [RecoveryFlowSchema, RecoveryGrantSchema];
