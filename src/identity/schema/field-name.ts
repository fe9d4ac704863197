/** The form field of a trait: its path with dots between, dots within a name escaped. */
export function fieldName(path: readonly string[]): string {
  return path.map((key) => key.replaceAll('.', '\\.')).join('.');
}
