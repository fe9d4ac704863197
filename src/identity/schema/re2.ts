import { RE2JS } from 're2js';

/** Patterns of schemas: as many as the configuration has. */
const compiled = new Map<string, RE2JS>();

/**
 * A pattern in the syntax of RE2, as Kratos reads it; `test` finds it anywhere in a text, in time that grows with the text's
 * length and no faster. @throws Error that says what is wrong
 */
export function re2(pattern: string): RE2JS {
  let expression = compiled.get(pattern);
  if (expression === undefined) compiled.set(pattern, (expression = RE2JS.compile(pattern)));
  return expression;
}

/** Undefined where the pattern is one; else why not. For texts of people: nothing of them is kept. */
export function re2Trouble(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unreadable';
  }
}

/** Stands in for RegExp in code that a validator makes. @param look is told each text before its pattern sees it */
export function re2Engine(look: (text: string) => void) {
  const engine = (pattern: string) => {
    const expression = re2(pattern);
    return {
      test: (text: string): boolean => {
        look(text);
        return expression.test(text);
      },
    };
  };
  return Object.assign(engine, { code: 're2' });
}
