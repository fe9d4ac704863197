import { cloneJson, isJsonObject } from '../../platform/json/index.js';
import { fieldName } from './field-name.js';
import { isContainer, valueAt } from './shown-fields.js';

type Container = Record<string, unknown>;

const REMOVED = Symbol('removed');
const INDEX = /^\d{1,6}$/;

/**
 * A document that a form changes field by field. List items keep their indexes until the end, so that changing one
 * field does not shift the meaning of another.
 */
export class TraitDocument {
  readonly #document: Container;
  /** where items that the list did not have were placed, by field */
  readonly #added = new Map<string, number>();

  /** @param base is not modified */
  constructor(
    private readonly base: Readonly<Container>,
    private readonly isList: (path: readonly string[]) => boolean,
  ) {
    this.#document = cloneJson(base);
  }

  /** The original value at the path. */
  before(path: readonly string[]): unknown {
    return valueAt(this.base, path);
  }

  /** The outermost list that originally contained the value. */
  listAround(path: readonly string[]): readonly string[] | undefined {
    const prefixes = path.map((_, depth) => path.slice(0, depth));
    return prefixes.find((prefix) => Array.isArray(this.before(prefix)));
  }

  /**
   * Creates missing objects and lists on the way. If something else is in the way, changes nothing and lets the schema
   * refuse it.
   */
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

  /** Adds an empty object if the place is empty, but not if its parent is missing. */
  addObject(path: readonly string[]): void {
    const parent = valueAt(this.#document, path.slice(0, -1));
    const key = path.at(-1)!;
    if (isJsonObject(parent) && !Object.hasOwn(parent, key)) (parent as Container)[key] = {};
  }

  /** The document without removed items and without items whose parts were all removed. */
  result(): Container {
    return compacted(this.#document, this.base) as Container;
  }

  /** The key in an object; the index of an item, or the next free index if the list doesn't have it. */
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
