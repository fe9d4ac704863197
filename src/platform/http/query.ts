import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { unstorable } from './body.js';

/** One query parameter: the last value where it repeats; empty counts as absent. */
export function queryText(request: FastifyRequest, name: string): string | undefined {
  return queryAll(request, name).at(-1);
}

/** Every non-empty value of a query parameter. */
export function queryAll(request: FastifyRequest, name: string): string[] {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  const given = (Array.isArray(value) ? value : [value]).filter((v): v is string => typeof v === 'string' && v !== '');
  if (given.some(unstorable))
    throw new BadRequest(`The query parameter "${name}" holds a NUL character or is not valid UTF-8.`);
  return given;
}

/** `@Query('flow') flow?: string`: always one string or undefined, never an array. */
export const Query = createParamDecorator((name: string, context: ExecutionContext) =>
  queryText(context.switchToHttp().getRequest<FastifyRequest>(), name),
);
