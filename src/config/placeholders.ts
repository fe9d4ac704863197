/**
 * What a template leaves behind when nobody filled it in: `${NAME}`, `$NAME`, `$(NAME)`, `{{ … }}`, `@NAME@`.
 * Files are taken as they are, as Kratos takes them; a cookie secret that reads `${SECRET}` is one that everybody knows.
 */
const PLACEHOLDER = /\$\{[A-Za-z_][^}]*\}|\$\([A-Z_][A-Z0-9_]*\)|\{\{.*\}\}|^\$[A-Z_][A-Z0-9_]{2,}$|^@[A-Z_]{3,}@$/;

export const UNFILLED =
  'holds a placeholder that nobody filled in: files are taken as they are, so give the value by the environment';

export function isPlaceholder(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isPlaceholder) : typeof value === 'string' && PLACEHOLDER.test(value);
}
