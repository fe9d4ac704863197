import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MESSAGE_STATUSES } from './message.view.js';

/** Kratos' `message`. */
@ApiSchema({ name: 'message' })
export class MessageResponse {
  @ApiProperty({ type: String, format: 'uuid', example: '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11' }) id!: string;
  @ApiProperty({ type: String, enum: MESSAGE_STATUSES, example: 'queued' }) status!: string;
  @ApiProperty({ type: String, enum: ['email'], example: 'email' }) type!: string;
  @ApiProperty({ type: String, example: 'email' }) channel!: string;
  @ApiProperty({ type: String, description: 'The stored address.', example: 'ada@example.com' }) recipient!: string;
  @ApiProperty({ type: String, example: 'Recover access to your account' }) subject!: string;
  @ApiProperty({
    type: String,
    description:
      'The text. The link or code in it reads "redacted", unless it is unsent and regain.courier.show_unsent_secrets is true.',
    example: 'Hello, …',
  })
  body!: string;
  @ApiProperty({
    type: String,
    enum: ['recovery_valid', 'recovery_invalid', 'recovery_code_valid', 'recovery_code_invalid'],
    example: 'recovery_valid',
  })
  template_type!: string;
  @ApiProperty({ type: 'integer', description: 'How often it was handed over.', example: 0 }) send_count!: number;
  @ApiProperty({ type: String, format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) created_at!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) updated_at!: string;
}
