/** The form field of a trait: its path with dots between; dots within a key are escaped. */
export function fieldName(path: readonly string[]): string {
  return path.map((key) => key.replaceAll('.', '\\.')).join('.');
}

/** The path that a field's name means. */
export function fieldPath(name: string): string[] {
  return name.split(/(?<!\\)\./).map((key) => key.replaceAll('\\.', '.'));
}
