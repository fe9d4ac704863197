/** What the pages need of an identity to call a person by a name. */
interface Person {
  readonly id: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly recoveryAddresses: readonly { readonly value: string }[];
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** How a person knows the account: its email address or user name, the account's id where it has neither. */
export function accountName({ id, traits, recoveryAddresses }: Person): string {
  return text(traits['email']) ?? text(traits['username']) ?? text(recoveryAddresses[0]?.value) ?? id;
}

/** How to greet a person, where the account says; schemas differ, so only common names of traits are tried. */
export function firstName({ traits }: Person): string | undefined {
  const { name } = traits;
  if (name !== null && typeof name === 'object') return text((name as Record<string, unknown>)['first']);
  return text(traits['first_name']) ?? text(name);
}
