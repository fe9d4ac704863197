/** What the pages need from an identity to address the person. */
interface Person {
  readonly id: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly recoveryAddresses: readonly { readonly value: string }[];
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** The name by which people know the account: its email address or user name, else its id. */
export function accountName({ id, traits, recoveryAddresses }: Person): string {
  return text(traits['email']) ?? text(traits['username']) ?? text(recoveryAddresses[0]?.value) ?? id;
}

/** The first name, if there is one. Schemas differ, so only common trait names are tried. */
export function firstName({ traits }: Person): string | undefined {
  const { name } = traits;
  if (name !== null && typeof name === 'object') return text((name as Record<string, unknown>)['first']);
  return text(traits['first_name']) ?? text(name);
}
