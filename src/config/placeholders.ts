/**
 * An unfilled template placeholder: `${NAME}`, `$NAME`, `$(NAME)`, `{{ … }}`, `@NAME@`. Like Kratos, Regain doesn't expand
 * files. A cookie secret of literally `${SECRET}` would be known to everybody.
 */
const PLACEHOLDER = /\$\{[A-Za-z_][^}]*\}|\$\([A-Z_][A-Z0-9_]*\)|\{\{.*\}\}|^\$[A-Z_][A-Z0-9_]{2,}$|^@[A-Z_]{3,}@$/;

export const UNFILLED =
  'contains an unfilled placeholder: Regain does not expand files, so set the value in the environment';

export function isPlaceholder(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isPlaceholder) : typeof value === 'string' && PLACEHOLDER.test(value);
}
