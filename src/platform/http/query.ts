import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { unstorable } from './body.js';

/** One query parameter: its first value if it repeats. An empty value counts as absent. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return [value].flat()[0] || undefined;
}

/** All non-empty values of a query parameter. */
export function queryAll(request: FastifyRequest, name: string): string[] {
  return queryValues(request, name).filter((value) => value !== '');
}

/** All values of a query parameter, including empty ones. */
export function queryValues(request: FastifyRequest, name: string): string[] {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
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
  readFlag(name, queryValues(context.switchToHttp().getRequest<FastifyRequest>(), name)[0]),
);

/**
 * `@Query('flow') flow?: string`: always a single string or undefined, never an array.
 * @throws BadRequest for characters that PostgreSQL cannot store
 */
export const Query = createParamDecorator((name: string, context: ExecutionContext) => {
  const text = queryText(context.switchToHttp().getRequest<FastifyRequest>(), name);
  if (text !== undefined && unstorable(text)) {
    throw new BadRequest(`The query parameter "${name}" contains characters that cannot be stored.`);
  }
  return text;
});
