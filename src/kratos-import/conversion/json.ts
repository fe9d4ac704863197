/* What Kratos keeps as JSON is read without trust in its shape: what is not there, or is something else, reads as empty. */
export type Json = Readonly<Record<string, unknown>>;

export const jsonOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(jsonOf) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
