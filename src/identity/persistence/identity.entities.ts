import { defineEntity, p } from '@mikro-orm/core';

const timestamps = {
  createdAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
  updatedAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
};

const IdentitySchema = defineEntity({
  name: 'Identity',
  tableName: 'identity',
  properties: {
    id: p.uuid().primary(),
    schemaId: p.text(),
    state: p.text().$type<'active' | 'inactive'>().default('active'),
    stateChangedAt: p.datetime().columnType('timestamptz').defaultRaw('clock_timestamp()'),
    traits: p.json<Record<string, unknown>>(),
    metadataPublic: p.json<unknown>().nullable(),
    metadataAdmin: p.json<unknown>().nullable(),
    externalId: p.text().nullable(),
    availableAal: p.text().default('aal1'),
    sessionsValidFrom: p.datetime().columnType('timestamptz').nullable(),
    accessEpoch: p.integer().default(0),
    accessEpochFrom: p.datetime().columnType('timestamptz').nullable(),
    handOverSessionId: p.uuid().nullable(),
    handOverGrantId: p.uuid().nullable(),
    handOverBy: p.text().$type<'admin' | 'self_service'>().nullable(),
    handOverSentTo: p.text().nullable(),
    handOverOpenedAt: p.datetime().columnType('timestamptz').nullable(),
    handOverUntil: p.datetime().columnType('timestamptz').nullable(),
    handOverTriedAt: p.datetime().columnType('timestamptz').nullable(),
    handOverToldAt: p.datetime().columnType('timestamptz').nullable(),
    handOverReset: p.array().columnType('text[]').default([]),
    setByMailbox: p.boolean().default(false),
    containedAt: p.datetime().columnType('timestamptz').nullable(),
    containedBy: p.uuid().nullable(),
    containment: p.text().$type<'all' | 'keep_mail'>().nullable(),
    ...timestamps,
  },
  uniques: [{ name: 'identity_external_id_unique', properties: ['externalId'] }],
});
export class Identity extends IdentitySchema.class {}
IdentitySchema.setClass(Identity);

const IdentityCredentialSchema = defineEntity({
  name: 'IdentityCredential',
  tableName: 'identity_credential',
  properties: {
    id: p.uuid().primary(),
    identityId: p.uuid(),
    type: p.text(),
    /** password: { hashed_password } */
    config: p.json<Record<string, unknown>>(),
    version: p.integer().default(0),
    ...timestamps,
  },
  uniques: [{ name: 'identity_credential_type_unique', properties: ['identityId', 'type'] }],
});
export class IdentityCredential extends IdentityCredentialSchema.class {}
IdentityCredentialSchema.setClass(IdentityCredential);

const CredentialIdentifierSchema = defineEntity({
  name: 'CredentialIdentifier',
  tableName: 'credential_identifier',
  properties: {
    id: p.uuid().primary(),
    credentialId: p.uuid(),
    identityId: p.uuid(),
    type: p.text(),
    /** display form */
    value: p.text(),
    /** normalized for comparison; see normalize.ts */
    normalized: p.text(),
    /** if set, the account does not work until it is kept */
    suspendedAt: p.datetime().columnType('timestamptz').nullable(),
  },
  uniques: [{ name: 'credential_identifier_unique', properties: ['type', 'normalized'] }],
});
export class CredentialIdentifier extends CredentialIdentifierSchema.class {}
CredentialIdentifierSchema.setClass(CredentialIdentifier);

const RecoveryAddressSchema = defineEntity({
  name: 'RecoveryAddress',
  tableName: 'recovery_address',
  properties: {
    id: p.uuid().primary(),
    identityId: p.uuid(),
    via: p.text(),
    value: p.text(),
    normalized: p.text(),
    /** if set, the address gets no secret until it is kept */
    suspendedAt: p.datetime().columnType('timestamptz').nullable(),
    ...timestamps,
  },
  uniques: [{ name: 'recovery_address_unique', properties: ['via', 'normalized'] }],
});
export class RecoveryAddress extends RecoveryAddressSchema.class {}
RecoveryAddressSchema.setClass(RecoveryAddress);

const VerifiableAddressSchema = defineEntity({
  name: 'VerifiableAddress',
  tableName: 'verifiable_address',
  properties: {
    id: p.uuid().primary(),
    identityId: p.uuid(),
    via: p.text(),
    value: p.text(),
    normalized: p.text(),
    verified: p.boolean().default(false),
    status: p.text().default('pending'),
    verifiedAt: p.datetime().columnType('timestamptz').nullable(),
    ...timestamps,
  },
  uniques: [{ name: 'verifiable_address_unique', properties: ['via', 'normalized'] }],
});
export class VerifiableAddress extends VerifiableAddressSchema.class {}
VerifiableAddressSchema.setClass(VerifiableAddress);

export const identityEntities = [
  IdentitySchema,
  IdentityCredentialSchema,
  CredentialIdentifierSchema,
  RecoveryAddressSchema,
  VerifiableAddressSchema,
];
