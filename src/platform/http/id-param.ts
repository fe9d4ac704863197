import { Param, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../errors/index.js';
import { uuidFault, uuidOf } from '../flow/index.js';

/** A path id that is not a UUID, on routes where Kratos reports it. */
class IdMalformed extends DomainError {
  readonly status = 400;
}

const canonical: PipeTransform<string, string> = { transform: (given) => uuidOf(given) ?? given };

/**
 * Returns the canonical form.
 * @throws IdMalformed
 */
export function readUuid(given: string): string {
  const id = uuidOf(given);
  if (id === undefined) throw new IdMalformed(uuidFault(given));
  return id;
}

const canonicalOrRefused: PipeTransform<string, string> = { transform: readUuid };

/**
 * `@IdParam() id: string`: a UUID in canonical form, however it was spelled. Any other text is passed on as is and is
 * not found.
 */
export const IdParam = (name = 'id'): ParameterDecorator => Param(name, canonical);

/** The same, for routes that answer 400 when the id is not a UUID, as Kratos does. */
export const StrictIdParam = (name = 'id'): ParameterDecorator => Param(name, canonicalOrRefused);
