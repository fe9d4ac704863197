import { cloneJson, isJsonObject } from '../../platform/json/index.js';
import { fieldName } from './field-name.js';
import { isContainer, valueAt } from './shown-fields.js';

type Container = Record<string, unknown>;

const REMOVED = Symbol('removed');
const INDEX = /^\d{1,6}$/;

/**
 * A document that a form changes field by field. Items of a list keep their places until the end, so that one field
 * does not move what another one means.
 */
export class TraitDocument {
  readonly #document: Container;
  /** where items went that the list did not have, by their fields */
  readonly #added = new Map<string, number>();

  /** @param base stays as it is */
  constructor(
    private readonly base: Readonly<Container>,
    private readonly isList: (path: readonly string[]) => boolean,
  ) {
    this.#document = cloneJson(base);
  }

  /** What stood there at first. */
  before(path: readonly string[]): unknown {
    return valueAt(this.base, path);
  }

  /** The outermost list that held the value at first. */
  listAround(path: readonly string[]): readonly string[] | undefined {
    const prefixes = path.map((_, depth) => path.slice(0, depth));
    return prefixes.find((prefix) => Array.isArray(this.before(prefix)));
  }

  /** Makes objects and lists on the way; leaves everything alone where something else stands there, for the schema to refuse. */
  put(path: readonly string[], value: unknown): void {
    let target = this.#document;
    for (const [depth, key] of path.entries()) {
      const here = path.slice(0, depth + 1);
      const place = this.#placeIn(target, here, key);
      if (place === undefined) return;
      if (depth === path.length - 1) target[place] = value;
      else if (!Object.hasOwn(target, place) || target[place] === REMOVED) target[place] = this.isList(here) ? [] : {};
      const next = target[place];
      if (!isContainer(next)) return;
      target = next as Container;
    }
  }

  remove(path: readonly string[]): void {
    const parent = valueAt(this.#document, path.slice(0, -1));
    const key = path.at(-1)!;
    if (!isContainer(parent) || !Object.hasOwn(parent, key)) return;
    if (Array.isArray(parent)) parent[Number(key)] = REMOVED;
    else delete (parent as Container)[key];
  }

  /** An empty object where nothing stands; not where what should hold it is missing. */
  addObject(path: readonly string[]): void {
    const parent = valueAt(this.#document, path.slice(0, -1));
    const key = path.at(-1)!;
    if (isJsonObject(parent) && !Object.hasOwn(parent, key)) (parent as Container)[key] = {};
  }

  /** Without the items that were removed, and those whose every part was. */
  result(): Container {
    return compacted(this.#document, this.base) as Container;
  }

  /** The key of an object; the index of an item, the next one where the list does not have it. */
  #placeIn(target: Container, path: readonly string[], key: string): string | undefined {
    if (!Array.isArray(target)) return key;
    if (!INDEX.test(key)) return undefined;
    if (Number(key) < target.length && !this.#added.has(fieldName(path))) return String(Number(key));
    const place = this.#added.get(fieldName(path)) ?? target.length;
    this.#added.set(fieldName(path), place);
    return String(place);
  }
}

function compacted(value: unknown, before: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map((item, index) => {
        const was = Array.isArray(before) ? (before[index] as unknown) : undefined;
        const now = compacted(item, was);
        return size(now) === 0 && size(was) > 0 ? REMOVED : now;
      })
      .filter((item) => item !== REMOVED);
  if (!isJsonObject(value)) return value;
  const was = isJsonObject(before) ? before : {};
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, compacted(part, was[key])]));
}

const size = (value: unknown): number => (isContainer(value) ? Object.keys(value).length : -1);
