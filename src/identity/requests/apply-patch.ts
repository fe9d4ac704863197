import { ExactNumber, isJsonObject, sameValue } from '../../platform/json/index.js';

/** One operation of a JSON patch (RFC 6902) with its pointers split. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  /** at least one name */
  readonly path: readonly string[];
  /** for move and copy */
  readonly from?: readonly string[];
  /** for add, replace and test */
  readonly value?: unknown;
}

/** The operation can't be applied. */
export class PatchImpossible extends Error {}
/** Together, the operations would copy or compare more than one request may. */
export class PatchTooCostly extends Error {}

type Container = unknown[] | Record<string, unknown>;

/** JSON nodes that the operations of one patch may copy or compare; every 32 characters of text count as one more. */
const MOST_WORK = 60_000;
const CHARACTERS = 32;
/** Longest list that is created for a missing path; gaps are filled with nulls, like in Kratos. */
const LONGEST_FILL = 100;

/**
 * Applies a patch like Kratos: missing parents of a new member are created, and `replace` adds what does not exist,
 * except for list elements. The cost depends on what is copied and compared, not on the document's size.
 *
 * We found no library for this: they clone or serialise the document for each copy, compare lists in quadratic time, or
 * follow names that objects inherit.
 *
 * @param document modified in place: copy values that are shared
 * @throws PatchImpossible, PatchTooCostly
 */
export function applyPatch(document: Record<string, unknown>, operations: readonly PatchOperation[]): void {
  const work = new Work();
  for (const operation of operations) apply(document, operation, work);
}

class Work {
  #left = MOST_WORK;

  spend(parts: number): void {
    this.#left -= parts;
    if (this.#left < 0) throw new PatchTooCostly();
  }

  copy(value: unknown): unknown {
    this.spend(costOf(value));
    if (Array.isArray(value)) return value.map((item) => this.copy(item));
    if (!isJsonObject(value)) return value;
    const made: Record<string, unknown> = {};
    for (const name of Object.keys(value)) setOwn(made, name, this.copy(value[name]));
    return made;
  }

  isSame(one: unknown, other: unknown): boolean {
    this.spend(costOf(one));
    if (Array.isArray(one) && Array.isArray(other))
      return one.length === other.length && one.every((item, at) => this.isSame(item, other[at]));
    if (!isJsonObject(one) || !isJsonObject(other)) return isSameNumber(one, other);
    const names = Object.keys(one);
    this.spend(names.length);
    return (
      names.length === Object.keys(other).length &&
      names.every((name) => Object.hasOwn(other, name) && this.isSame(one[name], other[name]))
    );
  }
}

function apply(document: Record<string, unknown>, operation: PatchOperation, work: Work): void {
  const { op, path, from = [], value } = operation;
  switch (op) {
    case 'add':
      return put(document, path, work.copy(value));
    case 'replace':
      return isElement(path) ? replace(document, path, work.copy(value)) : put(document, path, work.copy(value));
    case 'remove':
      return void take(document, path);
    case 'move':
      if (path.length > from.length && from.every((name, at) => name === path[at])) throw new PatchImpossible();
      return put(document, path, take(document, from));
    case 'copy':
      return put(document, path, work.copy(found(document, from)));
    case 'test':
      // The cost counts the larger value, because its members are listed before they are compared.
      if (!work.isSame(found(document, path), value)) throw new PatchImpossible();
  }
}

function put(document: Container, path: readonly string[], value: unknown): void {
  const parent = makeParents(document, path);
  const name = path.at(-1)!;
  if (!Array.isArray(parent)) return setOwn(parent, name, value);
  const index = name === '-' ? parent.length : indexOf(name);
  if (index === undefined || index > parent.length) throw new PatchImpossible();
  parent.splice(index, 0, value);
}

function replace(document: Container, path: readonly string[], value: unknown): void {
  const parent = parentOf(document, path);
  const name = path.at(-1)!;
  if (member(parent, name) === undefined) throw new PatchImpossible();
  if (Array.isArray(parent)) parent[Number(name)] = value;
  else setOwn(parent, name, value);
}

function take(document: Container, path: readonly string[]): unknown {
  const parent = parentOf(document, path);
  const name = path.at(-1)!;
  const value = member(parent, name);
  if (value === undefined) throw new PatchImpossible();
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else delete parent[name];
  return value;
}

function found(document: Container, path: readonly string[]): unknown {
  const value = member(parentOf(document, path), path.at(-1)!);
  if (value === undefined) throw new PatchImpossible();
  return value;
}

function parentOf(document: Container, path: readonly string[]): Container {
  return path.slice(0, -1).reduce<Container>((container, name) => {
    const value = member(container, name);
    if (!isContainer(value)) throw new PatchImpossible();
    return value;
  }, document);
}

/** Creates missing or null parents: a list if the next name is an index or `-`, else an object. */
function makeParents(document: Container, path: readonly string[]): Container {
  return path.slice(0, -1).reduce<Container>((container, name, at) => {
    const value = member(container, name) ?? null;
    if (isContainer(value)) return value;
    if (value !== null || Array.isArray(container)) throw new PatchImpossible();
    const made = containerFor(path[at + 1]!);
    setOwn(container, name, made);
    return made;
  }, document);
}

function containerFor(next: string): Container {
  if (next === '-') return [];
  const index = indexOf(next);
  if (index === undefined) return {};
  if (index > LONGEST_FILL) throw new PatchImpossible();
  return Array<unknown>(index).fill(null);
}

/** An own member; undefined if there is none. */
function member(container: Container, name: string): unknown {
  if (!Array.isArray(container)) return Object.hasOwn(container, name) ? container[name] : undefined;
  const index = indexOf(name);
  return index === undefined ? undefined : container[index];
}

/** Also sets names that every object inherits, such as `constructor`. */
function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

const indexOf = (name: string): number | undefined => (/^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : undefined);
const isElement = (path: readonly string[]): boolean => /^(-|\d+)$/.test(path.at(-1)!);
const isContainer = (value: unknown): value is Container => Array.isArray(value) || isJsonObject(value);
/** Numbers that a double would change are objects. */
const isSameNumber = (one: unknown, other: unknown): boolean =>
  one === other || (one instanceof ExactNumber && other instanceof ExactNumber && sameValue(one.text, other.text));
const costOf = (value: unknown): number => (typeof value === 'string' ? 1 + value.length / CHARACTERS : 1);
