import { BadRequest } from '../../platform/errors/index.js';
import type { FormFields } from '../../platform/http/index.js';
import { isJsonObject } from '../../platform/json/index.js';
import { fieldName, fieldPath } from './field-name.js';
import { formValue, partsIn } from './form-value.js';
import { typesAt } from './schemas-at.js';
import { isContainer, type ShownField, shownFields, valueAt } from './shown-fields.js';
import { TraitDocument } from './trait-document.js';
import type { TraitShape } from './trait-fields.js';

type Traits = Readonly<Record<string, unknown>>;

/** Indexes from here on exist in no list; values placed there are appended. */
const MORE = 500_000;

/** A field that was sent. */
interface Sent {
  readonly path: readonly string[];
  readonly given: readonly unknown[];
  readonly needed: boolean;
}

/**
 * The traits that a form submits: `traits` as an object, dotted `traits.a.b` fields typed by the schema, or both.
 *
 * Traits given as an object replace all others; nested objects exist even when empty, as clients of Kratos expect.
 * Dotted fields alone change only what they name. A value that is empty, or whose field was not sent, is removed. A
 * value without a field stays as stored, and so does a list that no field names.
 * @param stored the identity's traits
 * @param shown the traits that the form showed, if they differ
 * @throws BadRequest if `traits` is not an object
 */
export function traitsFromForm(shape: TraitShape, form: FormFields, stored: Traits, shown = stored): Traits {
  const whole = partsIn(form['traits']);
  const replaced = whole !== undefined && whole !== '';
  if (replaced && !isJsonObject(whole)) throw new BadRequest('The field "traits" must be an object.');
  const fields = shownFields(shape, replaced ? whole : shown);
  const sent = sentIn(shape, form, fields, replaced ? whole : shown);
  const base = replaced ? whole : baseOf(sent, stored, shown);
  const isList = (path: readonly string[]): boolean => typesAt(shape.root, path)?.has('array') ?? false;
  const document = new TraitDocument({ traits: base }, isList);
  if (!replaced) removeUnsent(document, fields, sent);
  for (const each of sent) apply(shape, document, each, sent);
  for (const path of replaced ? shape.objects : []) document.addObject(path);
  for (const path of shape.needed) document.addObject(path);
  return document.result()['traits'] as Traits;
}

/** Shorter paths first, so that the parts of an object are laid over it. */
function sentIn({ root }: TraitShape, form: FormFields, fields: readonly ShownField[], shown: Traits): Sent[] {
  const known = new Map(fields.map((field) => [field.name, field]));
  const sent = Object.entries(form).flatMap(([name, value]): Sent[] => {
    const field = known.get(name);
    const path = field?.path ?? placeOf(root, name, shown);
    if (path === undefined) return [];
    const repeats = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
    return [{ path, given: repeats ? (value as unknown[]) : [value], needed: field?.needed ?? false }];
  });
  return sent.sort((a, b) => a.path.length - b.path.length);
}

/**
 * The path of a field that the form did not show, such as a list or an additional list item; undefined if nothing is
 * known about it.
 */
function placeOf(root: TraitShape['root'], name: string, shown: Traits): readonly string[] | undefined {
  const path = fieldPath(name);
  const isTrait = path.length > 1 && path.length < 64 && path[0] === 'traits' && !path.includes('__proto__');
  if (!isTrait) return undefined;
  return typesAt(root, path) !== undefined || Array.isArray(valueAt({ traits: shown }, path)) ? path : undefined;
}

/** Uses the shown values for what the form covers, and the stored values for the rest. */
function baseOf(sent: readonly Sent[], stored: Traits, shown: Traits): Traits {
  const about = new Set(sent.map(({ path }) => path[1]));
  const kept = Object.entries(stored).filter(([key]) => !about.has(key) || Object.hasOwn(shown, key));
  const seen = Object.entries(shown).filter(([key]) => about.has(key));
  return Object.fromEntries([...kept, ...seen]);
}

/**
 * A schema field that was not sent is empty, like an unticked checkbox. So is a list item if others of its list were
 * sent, except that a checkbox in the list only becomes unticked. A field that showed no value, or an unticked
 * checkbox, may be left out.
 */
function removeUnsent(document: TraitDocument, fields: readonly ShownField[], sent: readonly Sent[]): void {
  const names = new Set(sent.map(({ path }) => fieldName(path)));
  const around = new Set(sent.flatMap(({ path }) => path.map((_, depth) => fieldName(path.slice(0, depth)))));
  for (const { name, path, value, title } of fields) {
    if (names.has(name) || value === undefined || value === null || value === false) continue;
    const list = document.listAround(path);
    if (list === undefined ? title === undefined : !around.has(fieldName(list))) continue;
    if (list !== undefined && value === true) document.put(path, false);
    else document.remove(path);
  }
}

function apply({ root }: TraitShape, document: TraitDocument, one: Sent, sent: readonly Sent[]): void {
  const { path, given, needed } = one;
  const before = document.before(path);
  const types = typesAt(root, path);
  const only = types?.size === 1 ? [...types][0] : undefined;
  if (Array.isArray(before) || (before === undefined && types?.has('array'))) applyList(root, document, one, sent);
  else if (isJsonObject(before) || (before === undefined && only === 'object')) {
    if (given[0] !== '' && given[0] !== undefined) document.put(path, partsIn(given[0]));
  } else {
    const required = needed && isContainer(document.before(path.slice(0, -1)));
    const value = formValue(given, { types, before, required });
    if (value === undefined) document.remove(path);
    else document.put(path, value);
  }
}

/**
 * A list's own field: together with item fields, it adds items; alone, it replaces them all. An empty one changes
 * nothing.
 */
function applyList(
  root: TraitShape['root'],
  document: TraitDocument,
  { path, given }: Sent,
  sent: readonly Sent[],
): void {
  const [first] = given;
  const types = typesAt(root, [...path, '0']);
  const parts = types?.has('string') ? first : partsIn(first);
  if (typeof parts !== 'string') {
    if (parts === null || parts === undefined) document.remove(path);
    else document.put(path, parts);
    return;
  }
  const texts = given.filter((each) => each !== '');
  const items = texts.map((each) => formValue([each], { types, before: undefined, required: false }));
  if (items.length === 0) return;
  const withItems = sent.some(
    (other) => other.path.length > path.length && path.every((key, i) => other.path[i] === key),
  );
  if (!withItems) document.put(path, items);
  else items.forEach((item, index) => document.put([...path, String(MORE + index)], item));
}
