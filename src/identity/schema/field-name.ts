/** The form field of a trait: its path joined with dots; dots within a key are escaped. */
export function fieldName(path: readonly string[]): string {
  return path.map((key) => key.replaceAll('.', '\\.')).join('.');
}

/** The path behind a field name. */
export function fieldPath(name: string): string[] {
  return name.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}
