/* Reads Kratos' JSON without trusting its shape: missing and unexpected values read as empty. */
export type Json = Readonly<Record<string, unknown>>;

export const jsonOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(jsonOf) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
