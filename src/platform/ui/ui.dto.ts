import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const ANY_JSON = [
  { type: 'string' },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'array' },
  { type: 'object', additionalProperties: true },
];

/** Kratos' `uiText`. User interfaces switch on `id` and may write their own sentence from `context`. */
@ApiSchema({ name: 'uiText' })
export class UiText {
  @ApiProperty({ type: 'integer', description: 'Stable: user interfaces switch on it.', example: 1_070_001 })
  id!: number;
  @ApiProperty({ type: String, example: 'Password' }) text!: string;
  @ApiProperty({ type: String, enum: ['info', 'error', 'success'], example: 'info' })
  type!: 'info' | 'error' | 'success';
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The values used in the text.',
    example: { name: 'traits.email', title: 'E-Mail' },
  })
  context?: Record<string, unknown>;
}

@ApiSchema({ name: 'uiNodeMeta' })
class UiNodeMeta {
  @ApiPropertyOptional({ type: UiText }) label?: UiText;
}

@ApiSchema({ name: 'uiNodeInputAttributesOption' })
export class InputOption {
  @ApiProperty({ oneOf: ANY_JSON.slice(0, 3), description: 'From the schema.', example: 'de' })
  value!: string | number | boolean;
}

@ApiSchema({ name: 'uiNodeInputAttributes' })
export class InputAttributes {
  @ApiProperty({ type: String, description: 'The name of the form field.', example: 'traits.email' }) name!: string;
  @ApiProperty({ type: String, description: 'The type of the HTML input.', example: 'email' }) type!: string;
  @ApiPropertyOptional({ anyOf: ANY_JSON, description: 'The value of the field.', example: 'ada@example.com' })
  value?: unknown;
  @ApiPropertyOptional({ type: Boolean, example: true }) required?: boolean;
  @ApiPropertyOptional({ type: String, example: 'email' }) autocomplete?: string;
  @ApiPropertyOptional({ type: String, example: '[0-9]+' }) pattern?: string;
  @ApiPropertyOptional({ type: [InputOption], description: 'The choices, if the schema lists them.' })
  options?: readonly InputOption[];
  @ApiPropertyOptional({ type: 'integer', example: 6 }) maxlength?: number;
  @ApiProperty({ type: Boolean, example: false }) disabled!: boolean;
  @ApiProperty({ type: String, enum: ['input'], example: 'input' }) node_type!: 'input';
}

/** One element of a form: Kratos' `uiNode`. `messages` and `meta` are present even when empty. */
@ApiSchema({ name: 'uiNode' })
export class UiNode {
  @ApiProperty({ type: String, enum: ['input'], example: 'input' }) type!: 'input';
  @ApiProperty({
    type: String,
    description: 'The method that the element belongs to, or `default`.',
    example: 'profile',
  })
  group!: string;
  @ApiProperty({ type: InputAttributes }) attributes!: InputAttributes;
  @ApiProperty({ type: [UiText], description: 'What is wrong with this field.' }) messages!: UiText[];
  @ApiProperty({ type: UiNodeMeta }) meta!: UiNodeMeta;
}

/** A form: its target, its elements, and its messages to the person. */
@ApiSchema({ name: 'uiContainer' })
export class UiContainer {
  @ApiProperty({
    type: String,
    format: 'uri',
    example: 'http://127.0.0.1:4433/self-service/settings?flow=1f8f30f9-7f29-4b2b-9c6b-4d8a2b1f3a52',
  })
  action!: string;
  @ApiProperty({ type: String, enum: ['POST'], example: 'POST' }) method!: 'POST';
  @ApiProperty({ type: [UiNode] }) nodes!: UiNode[];
  @ApiPropertyOptional({ type: [UiText], description: 'Messages about the whole form.' }) messages?: UiText[];
}
