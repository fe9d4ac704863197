import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { MESSAGE_STATUSES } from './message.view.js';
import { TEMPLATE_TYPES, WIRE_TEMPLATE_TYPES } from './templates/index.js';

/** Kratos' `messageDispatch`. */
@ApiSchema({ name: 'messageDispatch' })
export class DispatchResponse {
  @ApiProperty({ type: String, format: 'uuid', example: '5b3c2f7e-8a7c-4a53-9d0f-2f6a5f0b9a12' }) id!: string;
  @ApiProperty({ type: String, format: 'uuid', example: '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11' }) message_id!: string;
  @ApiProperty({ type: String, enum: ['failed', 'success'], example: 'failed' }) status!: string;
  @ApiPropertyOptional({
    type: 'object',
    properties: { message: { type: 'string' }, code: { type: 'integer' } },
    description: "Absent if the message was sent. `code` is the code of the server's reply.",
    example: { message: 'the server answered RCPT TO with 550', code: 550 },
  })
  error?: { message: string; code?: number };
  @ApiProperty({ type: String, format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) created_at!: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'The last time that an attempt ended like this.',
    example: '2030-01-31T08:00:00.000Z',
  })
  updated_at!: string;
}

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
      'The text. Its link or code is replaced by "redacted", unless the message is unsent and regain.courier.show_unsent_secrets is true.',
    example: 'Hello, …',
  })
  body!: string;
  @ApiProperty({ type: String, enum: WIRE_TEMPLATE_TYPES, example: 'recovery_valid' })
  template_type!: string;
  @ApiProperty({
    type: String,
    enum: TEMPLATE_TYPES,
    required: false,
    description: 'The name of the message in Regain, if `template_type` does not say it.',
    example: 'recovery_link_admin',
  })
  template?: string;
  @ApiProperty({ type: 'integer', description: 'The number of delivery attempts.', example: 0 }) send_count!: number;
  @ApiProperty({
    type: [DispatchResponse],
    required: false,
    description: 'The delivery attempts, if there were any. Only in the answer for a single message.',
  })
  dispatches?: DispatchResponse[];
  @ApiProperty({ type: String, format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) created_at!: string;
  @ApiProperty({ type: String, format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) updated_at!: string;
}
