import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { BadRequest } from '../errors/index.js';
import { nearestName } from '../spelling/index.js';
import { HTTP_OPTIONS, type HttpOptions } from './http.options.js';

const FILTERS = 'regain:filters';

interface Filters {
  /** every query parameter that the list accepts */
  readonly known: readonly string[];
  /** names that callers try instead, and what to use */
  readonly meant: Readonly<Record<string, string>>;
}

/** Rejects unknown query parameters of a list: a caller who mistypes a filter must not get the unfiltered list. */
@Injectable()
class FilterGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(HTTP_OPTIONS) private readonly options: HttpOptions,
  ) {}

  /** @throws BadRequest that names the parameter and what was probably meant */
  canActivate(context: ExecutionContext): true {
    const { known, meant } = this.reflector.get<Filters>(FILTERS, context.getHandler());
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const unknown = Object.keys(query as object).find((name) => !known.includes(name));
    if (unknown === undefined || !this.options.strictFilters) return true;
    const right = Object.hasOwn(meant, unknown.toLowerCase())
      ? meant[unknown.toLowerCase()]
      : nearestName(unknown, known, 2);
    const advice = right === undefined ? `This list accepts ${known.join(', ')}.` : `Use ${right} instead.`;
    throw new BadRequest(`Unknown query parameter ${JSON.stringify(unknown.slice(0, 50))}. ${advice}`);
  }
}

/**
 * Declares the query parameters of a list; all others are rejected by default.
 * @param meant names that callers try (in lower case), and what to use instead of each
 */
export const ListFilters = (known: readonly string[], meant: Readonly<Record<string, string>> = {}): MethodDecorator =>
  applyDecorators(SetMetadata(FILTERS, { known, meant }), UseGuards(FilterGuard));
