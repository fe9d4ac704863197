/** The keyword with which a schema says what a trait is for. */
export const KEYWORD = 'ory.sh/kratos';

/** Stands in for the keyword in the schema that the validator reads, because Ajv accepts no slash in keyword names. */
export const MARK = 'regain:purpose';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Credential types whose identifiers come from the traits; those of other types (such as a connected provider) do not.
 */
export const TRAIT_CREDENTIALS = ['password', 'code'] as const;

/** How an address reaches a person. */
export type Via = 'email' | 'sms';

/** Spellings in schemas; `tel` is an older name. */
const VIAS: Readonly<Record<string, Via>> = { email: 'email', sms: 'sms', phone: 'sms' };

/** What one trait is for. */
export interface Purpose {
  /** credential types whose identifier it is: `password`, `code` */
  readonly identifies: readonly string[];
  /** how sign-in codes reach it */
  readonly code: Via;
  /** how recovery reaches it; undefined if it is not a recovery address */
  readonly recovery: Via | undefined;
  readonly verification: Via | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The purpose that a trait's schema gives under the keyword; undefined if there is none. */
export function purposeOf(schema: JsonObject): Purpose | undefined {
  const said = schema[KEYWORD];
  if (!isObject(said)) return undefined;
  const credentials = isObject(said['credentials']) ? said['credentials'] : {};
  const identifies = TRAIT_CREDENTIALS.filter((type) => {
    const credential = credentials[type];
    return isObject(credential) && credential['identifier'] === true;
  });
  return {
    identifies,
    code: viaOf(credentials['code']) ?? 'email',
    recovery: viaOf(said['recovery']),
    verification: viaOf(said['verification']),
  };
}

function viaOf(said: unknown): Via | undefined {
  const spelled = spelledVia(said) ?? '';
  return Object.hasOwn(VIAS, spelled) ? VIAS[spelled] : undefined;
}

function spelledVia(said: unknown): string | undefined {
  return isObject(said) && typeof said['via'] === 'string' && said['via'] !== '' ? said['via'] : undefined;
}

/** Whether any part of the schema, wherever it applies, makes a trait a password identifier. */
export function identifiesPasswords(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(identifiesPasswords);
  if (!isObject(schema)) return false;
  return purposeOf(schema)?.identifies.includes('password') === true || Object.values(schema).some(identifiesPasswords);
}

/** Faults under the keyword, as sentences, so that they are found at start and not with the first identity. */
export function unsupported(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(unsupported);
  if (!isObject(schema)) return [];
  const said = objectOr(schema[KEYWORD]);
  const problems = ['recovery', 'verification']
    .filter((name) => !Object.hasOwn(VIAS, spelledVia(said[name]) ?? 'email'))
    .map((name) => `"${KEYWORD}".${name}.via must be email or sms`);
  return [...problems, ...Object.values(schema).flatMap(unsupported)];
}

/** Settings under the keyword that have no effect in Regain, without duplicates: `recovery.via sms`. */
export function withoutEffect(schema: unknown): string[] {
  if (Array.isArray(schema)) return [...new Set(schema.flatMap(withoutEffect))];
  if (!isObject(schema)) return [];
  const said = objectOr(schema[KEYWORD]);
  const credentials = objectOr(said['credentials']);
  const found = [
    ...(['recovery', 'verification'] as const).filter((name) => viaOf(said[name]) === 'sms').map((n) => `${n}.via sms`),
    ...(viaOf(credentials['code']) === 'sms' ? ['credentials.code.via sms'] : []),
    ...(objectOr(credentials['webauthn'])['identifier'] === true ? ['credentials.webauthn.identifier'] : []),
    ...(objectOr(credentials['totp'])['account_name'] === true ? ['credentials.totp.account_name'] : []),
  ];
  return [...new Set([...found, ...Object.values(schema).flatMap(withoutEffect)])];
}

const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});
