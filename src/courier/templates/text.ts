import type { Content } from './content.js';

/** Columns that terminals and old mail programs show. Only URLs are longer. */
const WIDTH = 76;

/** The message as plain text. Links and codes are on lines of their own. */
export function toText({ greeting, intro, code, action, colon, facts, after, help }: Content): string {
  const parts = [
    wrap(greeting),
    wrap(intro),
    code,
    action?.lead && wrap(action.lead),
    action?.href,
    facts.map(([label, value]) => wrap(`${label}${colon} ${value}`)).join('\n'),
    ...after.map(wrap),
    help && wrap(help),
  ];
  return `${parts.filter((part) => part).join('\n\n')}\n`;
}

/** Wraps at spaces, but not at non-breaking ones. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
