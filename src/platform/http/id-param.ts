import { Param, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../errors/index.js';
import { uuidFault, uuidOf } from '../flow/index.js';

/** An id in a path that is no UUID, where Kratos says so. */
class IdMalformed extends DomainError {
  readonly status = 400;
}

const canonical: PipeTransform<string, string> = { transform: (given) => uuidOf(given) ?? given };

/** The canonical form. @throws IdMalformed */
export function readUuid(given: string): string {
  const id = uuidOf(given);
  if (id === undefined) throw new IdMalformed(uuidFault(given));
  return id;
}

const canonicalOrRefused: PipeTransform<string, string> = { transform: readUuid };

/** `@IdParam() id: string`: a UUID in its canonical form however it was spelled; what is none arrives as it came, and is not found. */
export const IdParam = (name = 'id'): ParameterDecorator => Param(name, canonical);

/** The same for routes that answer 400 to what is no UUID, as Kratos does. */
export const StrictIdParam = (name = 'id'): ParameterDecorator => Param(name, canonicalOrRefused);
