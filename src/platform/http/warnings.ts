import { ApiPropertyOptional } from '@nestjs/swagger';

/** What an answer says besides: the request did what it says, but perhaps not what was meant. */
export const WarningsProperty = (): PropertyDecorator =>
  ApiPropertyOptional({
    type: [String],
    description:
      "Regain's own: what the caller should know, such as a field that was ignored. Absent where there is nothing.",
    example: ['The unknown field "shoe" was ignored.'],
  });

/** The field of an answer; none where there is nothing to say. */
export const warned = (warnings: readonly string[]): { warnings?: string[] } =>
  warnings.length === 0 ? {} : { warnings: [...warnings] };
