import {
  isSecondFactor,
  SECOND_FACTORS,
  type StoredCredential,
  type StoredIdentity,
} from '../../identity/privileged.js';
import type { KratosCredential } from '../source/kratos-rows.js';
import { jsonOf, listOf, textOf } from './json.js';

/** Records that the person had this factor, so that an administrator can remove it. Regain can't check it. */
const MARK = { imported: true } as const;

/** Whether the credential contains a secret. Kratos creates a row for each type that the schema names, used or not. */
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

/** Whether the credential is a second factor. A passwordless key is a first factor. */
export function isUsedAsSecondFactor(credential: KratosCredential): boolean {
  if (!isInUse(credential)) return false;
  if (credential.type === 'totp' || credential.type === 'lookup_secret') return true;
  const keys = credential.type === 'webauthn' ? listOf(jsonOf(credential.config)['credentials']) : [];
  return keys.some((key) => key['is_passwordless'] !== true);
}

/** One row per second factor in use, without secret and identifier, so that nobody can sign in with it. */
export function marksOf(given: readonly KratosCredential[]): StoredCredential[] {
  return SECOND_FACTORS.flatMap((type) => {
    const factor = given.find((credential) => credential.type === type && isUsedAsSecondFactor(credential));
    if (factor === undefined) return [];
    const { id, version, createdAt, updatedAt } = factor;
    return [{ id, type, config: MARK, version, createdAt, updatedAt, identifiers: [] }];
  });
}

/** Whether the credential is the mark of an imported second factor. */
export const isMark = ({ type }: Pick<StoredCredential, 'type'>): boolean => isSecondFactor(type);

/**
 * Adds marks to an existing identity that has the level of a second factor but no row for one. Earlier versions of the import
 * wrote no marks. (Removing the last factor also lowers the level, so such identities stay without.)
 */
export function withMarks(here: StoredIdentity, marks: readonly StoredCredential[]): StoredIdentity {
  if (here.availableAal === 'aal1' || here.credentials.some(isMark)) return here;
  return { ...here, credentials: [...here.credentials, ...marks] };
}
