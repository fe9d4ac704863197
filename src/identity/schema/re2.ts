import { RE2JS } from 're2js';

/** Schema patterns: bounded by the number of patterns in the configuration. */
const compiled = new Map<string, RE2JS>();

/**
 * Compiles a pattern in RE2 syntax, which Kratos uses. `test` searches anywhere in a text, in time linear in the text's
 * length.
 * @throws Error that says what is wrong
 */
export function re2(pattern: string): RE2JS {
  let expression = compiled.get(pattern);
  if (expression === undefined) compiled.set(pattern, (expression = RE2JS.compile(pattern)));
  return expression;
}

/** Why the pattern is invalid; undefined if it is valid. For patterns from users: caches nothing. */
export function re2Trouble(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unreadable';
  }
}

/**
 * Replaces RegExp in the code that Ajv generates. Ajv tells patterns apart by `toString`; without it, all patterns of a
 * schema would share the first expression.
 * @param look called with each text before its pattern runs
 */
export function re2Engine(look: (text: string) => void) {
  const engine = (pattern: string) => {
    const expression = re2(pattern);
    return {
      test: (text: string): boolean => {
        look(text);
        return expression.test(text);
      },
      toString: () => pattern,
    };
  };
  return Object.assign(engine, { code: 're2' });
}
