/** A jsonb parameter; JSON null becomes SQL NULL. */
export const jsonOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);
