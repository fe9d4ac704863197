import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { BadRequest } from '../errors/index.js';
import type { Caller } from './caller.js';
import { unstorable } from './body.js';

/** One query parameter: its first value if it repeats. An empty value counts as absent. */
export function queryText(caller: Caller, name: string): string | undefined {
  const value = (caller.query as Record<string, string | string[] | undefined>)[name];
  return [value].flat()[0] || undefined;
}

/** All non-empty values of a query parameter. */
export function queryAll(caller: Caller, name: string): string[] {
  return queryValues(caller, name).filter((value) => value !== '');
}

/** All values of a query parameter, including empty ones. */
export function queryValues(caller: Caller, name: string): string[] {
  const value = (caller.query as Record<string, string | string[] | undefined>)[name];
  return (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
}

/** @throws BadRequest for anything but true and false */
function readFlag(name: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false' || text === '0') return false;
  if (text === '' || text === 'true' || text === '1') return true;
  throw new BadRequest(`The query parameter "${name}" must be true or false.`);
}

/** `@QueryFlag('strict') strict: boolean`: false where it is absent, true where it is only named (`?strict`). */
export const QueryFlag = createParamDecorator((name: string, context: ExecutionContext) =>
  readFlag(name, queryValues(context.switchToHttp().getRequest<Caller>(), name)[0]),
);

/**
 * `@Query('flow') flow?: string`: always a single string or undefined, never an array.
 * @throws BadRequest for characters that PostgreSQL cannot store
 */
export const Query = createParamDecorator((name: string, context: ExecutionContext) => {
  const text = queryText(context.switchToHttp().getRequest<Caller>(), name);
  if (text !== undefined && unstorable(text)) {
    throw new BadRequest(`The query parameter "${name}" contains characters that cannot be stored.`);
  }
  return text;
});
