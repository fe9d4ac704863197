import { PLACEHOLDER, placeholdersOf } from './override-values.js';
import type { OverrideFile } from './override-file.js';
import { secretOf } from './template-message.js';

const LONGEST_SUBJECT = 200;

/** Lists what is wrong with a file's text and what to change. Never quotes the text. */
export function faultsOf({ type, part }: OverrideFile, text: string): string[] {
  const faults: string[] = [];
  const allowed = placeholdersOf(type);
  const used = new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name));
  const unknown = [...used].filter((name) => !allowed.includes(name));
  if (unknown.length > 0)
    faults.push(`${unknown.map(braced).join(', ')} cannot be filled in; available: ${allowed.map(braced).join(', ')}`);
  if (text.replace(PLACEHOLDER, '').includes('{{'))
    faults.push(`has {{ without a valid placeholder; available: ${allowed.map(braced).join(', ')}`);
  if (text.trim() === '') faults.push('is empty; add a text, or remove the file');
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) faults.push('has control characters; remove them');
  const secret = secretOf(type);
  if (part === 'subject') faults.push(...subjectFaults(text.trim(), used));
  else if (secret !== undefined && !used.has(secret))
    faults.push(`must contain ${braced(secret)}: without it, the message lets no one in`);
  if (part === 'html' && /<script\b|<[^>]*\son\w+\s*=|javascript:/i.test(text))
    faults.push('has a script, which mail programs do not run; remove it');
  return faults;
}

function subjectFaults(text: string, used: ReadonlySet<string>): string[] {
  const faults: string[] = [];
  if (text.includes('\n')) faults.push('must be one line');
  if (text.length > LONGEST_SUBJECT) faults.push(`must be at most ${LONGEST_SUBJECT} characters long`);
  if (used.has('link'))
    faults.push('must not contain {{link}}: subjects are shown and logged in many places; put it in the text');
  return faults;
}

const braced = (name: string): string => `{{${name}}}`;
