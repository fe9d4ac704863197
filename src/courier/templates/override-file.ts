import type { Locale } from './locale.js';
import type { TemplateType } from './template-message.js';

export const PARTS = ['subject', 'text', 'html'] as const;
export type Part = (typeof PARTS)[number];

/** By `<type>/<locale>`: the parts from the operator's own files, unprocessed. */
export type Overrides = ReadonlyMap<string, Partial<Record<Part, string>>>;

/** `<directory>/<template>/<locale>.<subject|text|html>` */
export interface OverrideFile {
  readonly path: string;
  readonly type: TemplateType;
  readonly locale: Locale;
  readonly part: Part;
}
