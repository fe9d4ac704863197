/**
 * The look of the pages (src/pages/assets/style.css), rebuilt for mail programs: tables, a style on each element, and
 * one style sheet for the dark palette and small screens, which some programs ignore.
 */
export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";
export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";

export const LIGHT = {
  page: '#f3f6f5',
  card: '#ffffff',
  edge: '#dde5e2',
  text: '#16211f',
  soft: '#4a5a56',
  accent: '#0f6b62',
  onAccent: '#ffffff',
  link: '#0b5f57',
  field: '#f3f6f5',
} as const;

const DARK = {
  page: '#0e1514',
  card: '#16201e',
  edge: '#2a3835',
  text: '#e8efed',
  soft: '#a9bab5',
  accent: '#5fd3c2',
  onAccent: '#06221e',
  link: '#74dccc',
  field: '#0e1514',
} as const;

export const LINK_STYLE = `color:${LIGHT.link};text-decoration:underline;word-break:break-word`;

const dark = (prefix: string): string => `
${prefix}.page { background-color: ${DARK.page} !important; }
${prefix}.card { background-color: ${DARK.card} !important; border-color: ${DARK.edge} !important; }
${prefix}.field { background-color: ${DARK.field} !important; border-color: ${DARK.edge} !important; }
${prefix}.line { border-color: ${DARK.edge} !important; }
${prefix}.text { color: ${DARK.text} !important; }
${prefix}.soft { color: ${DARK.soft} !important; }
${prefix}.link { color: ${DARK.link} !important; }
${prefix}.accent { background-color: ${DARK.accent} !important; }
${prefix}.on-accent { color: ${DARK.onAccent} !important; }`;

/** The second half is for Outlook on the web, which marks dark mode in its own way. */
export const STYLE_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 480px) {
.card { padding: 24px 20px !important; }
.button { display: block !important; }
.wide { width: 100% !important; }
}
@media (prefers-color-scheme: dark) {${dark('')}
}
${dark('[data-ogsc] ')}
`.replace(/\n+/g, '\n');
