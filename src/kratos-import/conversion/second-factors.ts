import {
  isSecondFactor,
  SECOND_FACTORS,
  type StoredCredential,
  type StoredIdentity,
} from '../../identity/privileged.js';
import type { KratosCredential } from '../source/kratos-rows.js';
import { jsonOf, listOf, textOf } from './json.js';

/** Says that the person had this factor, and lets an administrator take it away. Nothing here could check it. */
const MARK = { imported: true } as const;

/** Kratos makes a row for each type that the schema names, used or not: whether there is a secret in it. */
export function isInUse({ type, config }: KratosCredential): boolean {
  const json = jsonOf(config);
  switch (type) {
    case 'totp':
      return textOf(json['totp_url']) !== '';
    case 'lookup_secret':
      return listOf(json['recovery_codes']).length > 0;
    case 'webauthn':
    case 'passkey':
      return listOf(json['credentials']).length > 0;
    case 'saml':
      return listOf(json['providers']).length > 0;
    default:
      return Object.keys(json).length > 0;
  }
}

/** Whether the credential is a second factor by itself. A key that may stand alone (passwordless) is a first one. */
export function isUsedAsSecondFactor(credential: KratosCredential): boolean {
  if (!isInUse(credential)) return false;
  if (credential.type === 'totp' || credential.type === 'lookup_secret') return true;
  const keys = credential.type === 'webauthn' ? listOf(jsonOf(credential.config)['credentials']) : [];
  return keys.some((key) => key['is_passwordless'] !== true);
}

/** A row for each second factor in use, without its secret and without an identifier: nobody signs in with it. */
export function marksOf(given: readonly KratosCredential[]): StoredCredential[] {
  return SECOND_FACTORS.flatMap((type) => {
    const factor = given.find((credential) => credential.type === type && isUsedAsSecondFactor(credential));
    if (factor === undefined) return [];
    const { id, version, createdAt, updatedAt } = factor;
    return [{ id, type, config: MARK, version, createdAt, updatedAt, identifiers: [] }];
  });
}

/** All that comes of a second factor. */
export const isMark = ({ type }: Pick<StoredCredential, 'type'>): boolean => isSecondFactor(type);

/**
 * The identity with the marks that an import adds to it: where it has the level of a second factor, and none that is the
 * reason. The imports of before there were marks left it so; who takes the last factor away lowers the level as well.
 */
export function withMarks(here: StoredIdentity, marks: readonly StoredCredential[]): StoredIdentity {
  if (here.availableAal === 'aal1' || here.credentials.some(isMark)) return here;
  return { ...here, credentials: [...here.credentials, ...marks] };
}
