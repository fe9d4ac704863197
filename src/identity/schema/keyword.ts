/** The keyword by which a schema says what a trait is for. */
export const KEYWORD = 'ory.sh/kratos';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Credential types whose identifiers are read from the traits; those of others (a connected provider's) are not. */
export const TRAIT_CREDENTIALS = ['password', 'code'] as const;

/** What one trait is for. */
export interface Purpose {
  /** credential types that it identifies: `password`, `code` */
  readonly identifies: readonly string[];
  /** `email`, where the account can be recovered through it */
  readonly recovery: string | undefined;
  readonly verification: string | undefined;
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
  return { identifies, recovery: viaOf(said['recovery']), verification: viaOf(said['verification']) };
}

function viaOf(said: unknown): string | undefined {
  return isObject(said) && typeof said['via'] === 'string' && said['via'] !== '' ? said['via'] : undefined;
}

/** What a schema asks for and the server cannot do, as sentences; found at the start, not at the first identity. */
export function unsupported(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(unsupported);
  if (!isObject(schema)) return [];
  const { recovery, verification } = purposeOf(schema) ?? {};
  const problems: string[] = [];
  for (const [name, via] of Object.entries({ recovery, verification }))
    if (via !== undefined && via !== 'email') problems.push(`"${KEYWORD}".${name}.via must be email`);
  const reference = schema['$ref'];
  if (typeof reference === 'string' && !reference.startsWith('#'))
    problems.push('"$ref" must begin with #: a schema stands in one document');
  return [...problems, ...Object.values(schema).flatMap(unsupported)];
}
