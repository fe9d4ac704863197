import { ValidateBy, ValidateIf } from 'class-validator';
import { Duration } from '../platform/duration/index.js';

/** How the text of a variable, or the value in a file, becomes the value of a key. */
type KeyKind = 'text' | 'flag' | 'number' | 'texts' | 'duration' | 'size' | 'record' | 'section' | 'items';

export type SectionClass = new () => object;

export interface Key {
  readonly name: string;
  readonly kind: KeyKind;
  /** class of a nested section, or of the items of a list */
  readonly shape?: () => SectionClass;
  /** may also come from a file, with the variable's name plus `_FILE` */
  readonly secret: boolean;
  /** false: can't be set from the environment */
  readonly environment: boolean;
  /** accepts the word `none`, which becomes null */
  readonly none: boolean;
}

declare const HIDDEN: unique symbol;

/** A value visible only through the section's class. Such a key also passes `secret` to its decorator. */
export type Hidden<T = string> = T & { readonly [HIDDEN]?: true };

/** A section without its hidden values. */
export type Visible<T> = T extends Duration | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Visible<Item>[]
    : {
        readonly [Name in keyof T as typeof HIDDEN extends keyof NonNullable<T[Name]> ? never : Name]: Visible<T[Name]>;
      };

type Extras = Partial<Omit<Key, 'name' | 'kind'>>;
type Rule = readonly [message: string, holds: (value: unknown) => boolean];

const KEYS = new Map<object, Key[]>();

/** The keys of a section class in order of declaration, inherited ones first. */
export function keysOf(shape: SectionClass): readonly Key[] {
  const found: Key[] = [];
  for (let at: unknown = shape.prototype; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at))
    found.unshift(...(KEYS.get(at) ?? []));
  return found;
}

/** Declares a property as a key of kratos.yml, with the rules for its value. */
function key(kind: KeyKind, rules: readonly Rule[], extras: Extras = {}): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    const known = KEYS.get(target) ?? [];
    KEYS.set(target, [...known, { name, kind, secret: false, environment: true, none: false, ...extras }]);
    ValidateIf((_, value: unknown) => value !== undefined)(target, property);
    for (const [index, [message, holds]] of rules.entries())
      // Report only the first broken rule: after "must be a string", "must be one of" adds nothing.
      ValidateBy({
        name: `${name}#${index}`,
        validator: {
          validate: (value: unknown) => holds(value) || rules.slice(0, index).some(([, earlier]) => !earlier(value)),
          defaultMessage: () => message,
        },
      })(target, property);
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const TEXT: Rule = ['must be a string', isText];

export const Text = (extras?: Extras): PropertyDecorator => key('text', [TEXT], extras);

export const Flag = (extras?: Extras): PropertyDecorator =>
  key('flag', [['must be true or false', (value) => typeof value === 'boolean']], extras);

export const OneOf = (...choices: readonly string[]): PropertyDecorator =>
  key('text', [TEXT, [`must be one of ${choices.join(', ')}`, (value) => choices.some((choice) => choice === value)]]);

export const Matching = (
  rule: RegExp | ((text: string) => boolean),
  message: string,
  extras?: Extras,
): PropertyDecorator => {
  const holds = rule instanceof RegExp ? (text: string) => rule.test(text) : rule;
  return key('text', [TEXT, [message, (value) => isText(value) && holds(value)]], extras);
};

/** A whole number; both bounds are inclusive. */
export const Whole = (from: number, to: number): PropertyDecorator =>
  key('number', [
    [`must be a whole number from ${from} to ${to}`, (value) => isWhole(value) && value >= from && value <= to],
  ]);

/** KiB; the file has text as in Kratos (`19MB`). */
export const MemorySize = (from: number, to: number): PropertyDecorator =>
  key('size', [
    ['must be a size such as 19MB or 64MB', isWhole],
    [`must be at least ${from}KB and at most ${to}KB`, (value) => isWhole(value) && value >= from && value <= to],
  ]);

/** An http(s) URL, or a path on the public listener's origin. */
export const Link = (): PropertyDecorator =>
  key('text', [TEXT, ['must be an http(s) URL or a path that starts with /', (v) => isText(v) && isLink(v)]]);

export const BaseUrl = (): PropertyDecorator =>
  key('text', [TEXT, ['must be an http(s) URL without query, fragment or user', (v) => isText(v) && isBaseUrl(v)]]);

export const Texts = (extras?: Extras): PropertyDecorator =>
  key('texts', [['must be a list of strings', (v) => Array.isArray(v) && v.every(isText)]], extras);

export const Links = (): PropertyDecorator =>
  key('texts', [
    ['must be a list of strings', (v) => Array.isArray(v) && v.every(isText)],
    [
      'must contain only http(s) URLs or paths that start with /',
      (v) =>
        Array.isArray(v) && v.every((each) => isText(each) && (isLink(each) || /^[a-z][a-z0-9+.-]*:\/\//i.test(each))),
    ],
  ]);

export const TextRecord = (extras?: Extras): PropertyDecorator =>
  key('record', [['must be a map of strings', (v) => isMap(v) && Object.values(v).every(isText)]], extras);

export const AnyRecord = (): PropertyDecorator => key('record', [['must be a map', isMap]]);

/**
 * A duration greater than 0.
 *
 * @param none accepts the word `none` for "no limit", which becomes null
 * @param zero accepts 0
 */
export const Span = ({ none = false, zero = false }: { none?: boolean; zero?: boolean } = {}): PropertyDecorator =>
  key(
    'duration',
    [
      [
        `must be a duration such as 12h, 1h30m or 500ms${none ? ', or none' : ''}`,
        (value) => value instanceof Duration || (none && value === null),
      ],
      [
        zero ? 'must not be negative' : 'must be greater than 0',
        (value) => value === null || (value instanceof Duration && (value.isPositive || (zero && value.seconds === 0))),
      ],
    ],
    { none },
  );

export const Section = (shape: () => SectionClass): PropertyDecorator => key('section', [], { shape });

export const Items = (shape: () => SectionClass): PropertyDecorator => key('items', [], { shape });

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) return false;
  return url.username === '' && url.password === '' && !/[?#\s\\]/.test(text);
}

function isLink(text: string): boolean {
  if (/[\s\\]/.test(text)) return false;
  if (text.startsWith('/')) return !text.startsWith('//');
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
