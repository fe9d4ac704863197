import { ApiPropertyOptional } from '@nestjs/swagger';

/** A hint in a successful answer: the request was carried out, but may not have done what the caller meant. */
export const WarningsProperty = (): PropertyDecorator =>
  ApiPropertyOptional({
    type: [String],
    description: 'An extension of Regain: hints for the caller, such as an ignored field. Absent if there are none.',
    example: ['The unknown field "shoe" was ignored.'],
  });

/** The `warnings` field of an answer; left out when there are none. */
export const warned = (warnings: readonly string[]): { warnings?: string[] } =>
  warnings.length === 0 ? {} : { warnings: [...warnings] };
