import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { BadRequest } from '../errors/index.js';
import { nearestName } from '../spelling/index.js';

/**
 * What happens to fields that a body's shape does not define. `near`: likely misspellings are rejected, others are
 * named in a warning; `none`: all are ignored; `all`: all are rejected.
 */
export type FieldRule = 'near' | 'none' | 'all';

interface UnknownField {
  /** for example `credentials.pasword` */
  readonly path: string;
  /** the known field with a similar spelling */
  readonly meant?: string;
}

export interface KnownFields {
  /** the body without unknown fields */
  readonly known: Record<string, unknown>;
  readonly unknown: readonly UnknownField[];
}

/**
 * Beyond this many, unknown fields are not compared with known names: it would be slow, and nobody misspells so many.
 */
const MOST_COMPARED = 100;
const MOST_NAMED = 20;
const LONGEST_NAME = 100;

/** Splits a body into fields that its shape defines and those it does not, including nested objects and lists. */
export function knownFields(shape: Type<object>, body: object): KnownFields {
  const unknown: UnknownField[] = [];
  const known = pick(shape, body as Record<string, unknown>, '', unknown);
  return { known, unknown };
}

/**
 * The warnings for the caller.
 * @throws BadRequest if the rule rejects a field
 */
export function warningsFor(unknown: readonly UnknownField[], rule: FieldRule): string[] {
  if (unknown.length === 0 || rule === 'none') return [];
  const misspelt = unknown.find(({ meant }) => meant !== undefined);
  if (misspelt) throw new BadRequest(`unknown field "${misspelt.path}": did you mean "${misspelt.meant}"?`);
  if (rule === 'all') throw new BadRequest(`${named(unknown, (path) => `unknown field "${path}"`).join('; ')}.`);
  return named(unknown, (path) => `The unknown field "${path}" was ignored.`);
}

function named(unknown: readonly UnknownField[], sentence: (path: string) => string): string[] {
  const shown = unknown.slice(0, MOST_NAMED).map(({ path }) => sentence(path));
  const more = unknown.length - shown.length;
  return more > 0 ? [...shown, `${more} more unknown fields`] : shown;
}

function pick(
  shape: Type<object>,
  given: Record<string, unknown>,
  above: string,
  unknown: UnknownField[],
): Record<string, unknown> {
  const fields = fieldsOf(shape);
  const kept = Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
    if (fields.has(name)) return [[name, within(fields.get(name), value, `${above}${name}`, unknown)]];
    const near = unknown.length < MOST_COMPARED ? nearestName(name, [...fields.keys()], 1) : undefined;
    const path = `${above}${name.slice(0, LONGEST_NAME)}`;
    unknown.push({ path, ...(near === undefined ? {} : { meant: `${above}${near}` }) });
    return [];
  });
  return Object.fromEntries(kept);
}

function within(shape: Type<object> | undefined, value: unknown, path: string, unknown: UnknownField[]): unknown {
  if (shape === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, at) => within(shape, item, `${path}[${at}]`, unknown));
  return pick(shape, value as Record<string, unknown>, `${path}.`, unknown);
}

type Fields = ReadonlyMap<string, Type<object> | undefined>;
const SHAPES = new Map<Type<object>, Fields>();

/** The fields of a DTO class by name, each with the class of its nested value, if it has one. */
function fieldsOf(shape: Type<object>): Fields {
  const remembered = SHAPES.get(shape);
  if (remembered !== undefined) return remembered;
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const fields = new Map(names.map((name) => [name, innerShape(shape, name)]));
  SHAPES.set(shape, fields);
  return fields;
}

/** The class that class-transformer creates for an empty object in this field. */
function innerShape(shape: Type<object>, name: string): Type<object> | undefined {
  const made = (plainToInstance(shape, { [name]: {} }) as Record<string, unknown>)[name];
  if (typeof made !== 'object' || made === null) return undefined;
  const { constructor } = made;
  return constructor === Object ? undefined : (constructor as Type<object>);
}
