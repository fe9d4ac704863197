import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { ErrorBody } from '../../platform/errors/index.js';

@ApiSchema({ name: 'flowError' })
export class FlowErrorResponse {
  @ApiProperty({ format: 'uuid', example: '7b0c9a52-4d1e-4c8f-8a6b-2f3e4d5c6b7a' }) id!: string;
  @ApiProperty({ allOf: [{ $ref: '#/components/schemas/genericError' }] })
  error!: ErrorBody;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) created_at!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) updated_at!: string;
}
