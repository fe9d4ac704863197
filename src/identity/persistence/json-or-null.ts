/** A jsonb parameter; JSON null is kept as SQL null. */
export const jsonOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
