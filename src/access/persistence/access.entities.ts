import { defineEntity, p, sql } from '@mikro-orm/core';
import type { TokenSource } from '../access.view.js';

const AccessTokenSchema = defineEntity({
  name: 'AccessToken',
  tableName: 'access_token',
  properties: {
    id: p.uuid().primary(),
    digest: p.blob().unique('access_token_digest_unique'),
    name: p.text(),
    last4: p.text().fieldName('last4'),
    scopes: p.json<readonly string[]>(),
    source: p.text().$type<TokenSource>(),
    createdBy: p.text(),
    createdAt: p
      .datetime()
      .columnType('timestamptz')
      .default(sql`clock_timestamp()`),
    expiresAt: p.datetime().columnType('timestamptz').nullable(),
    lastUsedAt: p.datetime().columnType('timestamptz').nullable(),
    revokedAt: p.datetime().columnType('timestamptz').nullable(),
  },
});

export class AccessTokenRow extends AccessTokenSchema.class {}
AccessTokenSchema.setClass(AccessTokenRow);

export const accessEntities = [AccessTokenSchema];
