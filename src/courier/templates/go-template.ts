/** Kratos' directories below `template_override_path`, and the files in them, for messages that we send too. */
const DIRECTORIES: Record<string, string> = {
  'recovery/valid': 'recovery_valid',
  'recovery/invalid': 'recovery_invalid',
  'recovery_code/valid': 'recovery_code_valid',
  'recovery_code/invalid': 'recovery_code_invalid',
};
const FILES: Record<string, string> = {
  'email.subject.gotmpl': 'subject',
  'email.body.plaintext.gotmpl': 'text',
  'email.body.gotmpl': 'html',
};

/** Messages that Kratos sends and Regain does not. A directory shared by both may have templates for them. */
const NEVER_SENT = ['verification', 'verification_code', 'login_code', 'registration_code', 'otp', 'test', 'stub'];

/** @param steps the path below the directory */
export const isNeverSent = ([directory = '', ...rest]: readonly string[]): boolean =>
  rest.length > 0 && NEVER_SENT.includes(directory);

const FIELDS = '{{link}} for {{ .RecoveryURL }}, {{code}} for {{ .RecoveryCode }}';

/** Actions of Go's text/template: fields, keywords, functions with arguments, trimmed braces, comments. */
const GO =
  /\{\{-?\s*(?:[.$"`(]|\/\*|(?:define|template|block|if|else|range|with|end|printf|index|include)\b)|\{\{-\s|\s-\}\}/;

export const isGoTemplate = (text: string): boolean => GO.test(text);

/** @param steps the path below the directory, if it says which message the file is for */
export function goTemplateAdvice(steps: readonly string[]): string {
  const what = 'is a Go template, which Regain does not run';
  const placeholders = `with plain placeholders instead: ${FIELDS} (docs/mail.md)`;
  if (steps.length === 0) return `${what}; rewrite it ${placeholders}`;
  const type = DIRECTORIES[steps.slice(0, 2).join('/')];
  const part = FILES[steps[2] ?? ''];
  if (type !== undefined && part !== undefined)
    return `${what}; write ${type}/en.${part} ${placeholders}, and remove this file`;
  return `${what}, for a message that Regain does not send in this form; remove it (docs/mail.md lists the messages)`;
}
