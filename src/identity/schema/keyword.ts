/** The keyword by which a schema says what a trait is for. */
export const KEYWORD = 'ory.sh/kratos';

/** Stands beside it in what the validator reads: that takes no slash in the name of a keyword. */
export const MARK = 'regain:purpose';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Credential types whose identifiers are read from the traits; those of others (a connected provider's) are not. */
export const TRAIT_CREDENTIALS = ['password', 'code'] as const;

/** How a person is reached through an address. */
export type Via = 'email' | 'sms';

/** As schemas spell it; the telephone went by another name once. */
const VIAS: Readonly<Record<string, Via>> = { email: 'email', sms: 'sms', phone: 'sms' };

/** What one trait is for. */
export interface Purpose {
  /** credential types that it identifies: `password`, `code` */
  readonly identifies: readonly string[];
  /** how codes for signing in reach it */
  readonly code: Via;
  /** where the account can be recovered through it */
  readonly recovery: Via | undefined;
  readonly verification: Via | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the schema of one trait says under the keyword; undefined where it says nothing. */
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

/** Whether any part of the schema, wherever it applies, makes a trait an identifier of passwords. */
export function identifiesPasswords(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(identifiesPasswords);
  if (!isObject(schema)) return false;
  return purposeOf(schema)?.identifies.includes('password') === true || Object.values(schema).some(identifiesPasswords);
}

/** What a schema asks for that nobody could mean, as sentences; found at the start, not at the first identity. */
export function unsupported(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(unsupported);
  if (!isObject(schema)) return [];
  const said = objectOr(schema[KEYWORD]);
  const problems = ['recovery', 'verification']
    .filter((name) => !Object.hasOwn(VIAS, spelledVia(said[name]) ?? 'email'))
    .map((name) => `"${KEYWORD}".${name}.via must be email or sms`);
  return [...problems, ...Object.values(schema).flatMap(unsupported)];
}

/** What a schema asks for that has no effect here, each once: `recovery.via sms`. */
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
