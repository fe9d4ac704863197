import { WarningsProperty } from '../platform/http/index.js';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsObject, IsOptional, IsString, IsUUID, ValidateNested } from 'class-validator';
import { uuidOf } from '../platform/flow/index.js';
import { UiContainer } from '../platform/ui/index.js';
import { RESETTABLE } from './flow/consequences.js';

const ID = '9f425a8d-7efc-4768-8f23-7647a74fdf13';
const FLOW = '07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4b';
const TIME = '2030-01-31T08:00:00.000Z';
const LATER = '2030-01-31T20:00:00.000Z';

const emptyIsAbsent = ({ value }: { value: unknown }): unknown => (value === '' || value === null ? undefined : value);

const MessageIdProperty = (): PropertyDecorator =>
  ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'Specific to Regain, only with a delivery: track the message with GET /admin/courier/messages/{id}.',
    example: '0d9a6f1c-5a0e-4d59-8d0c-1f6a5f0b9a11',
  });

/** Specific to Regain: the link or code is mailed to the person. */
@ApiSchema({ name: 'recoveryDelivery' })
class DeliverRequest {
  @ApiProperty({
    type: String,
    description:
      'The id of one of the identity\'s recovery addresses of the kind email, or "default": the address that it has had longest. Never the address itself.',
    example: 'default',
  })
  @Transform(({ value }: { value: unknown }) => uuidOf(value) ?? value)
  @IsString({ message: 'deliver.to must be "default" or the id of a recovery address' })
  to!: string;

  @ApiPropertyOptional({
    type: String,
    enum: ['en', 'de', 'fr', 'es'],
    description: "Default: the identity's own (regain.courier.locale_trait), else regain.courier.default_locale.",
    example: 'de',
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'deliver.locale must be a string such as "en"' })
  locale?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Default: recovery_link_admin or recovery_code_admin. Others: regain.recovery.delivery.templates.',
    example: 'recovery_link_admin',
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'deliver.template must be a string' })
  template?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Reply-To address: one of regain.recovery.delivery.reply_to.',
    example: 'desk@example.com',
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsString({ message: 'deliver.reply_to must be one address' })
  reply_to?: string;
}

const ExpiresIn = (kind: 'link' | 'code', example: string): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      type: String,
      required: false,
      pattern: '^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h))+$',
      description: `How long the ${kind} works: a Go duration. Default: selfservice.methods.${kind}.config.lifespan.`,
      example,
    }),
    Transform(emptyIsAbsent),
    IsOptional(),
    IsString({ message: 'expires_in must be a string such as "12h"' }),
  );

/** Fields that links and codes share. */
class CreateRecoveryRequest {
  @ApiPropertyOptional({ type: DeliverRequest, description: 'Specific to Regain: mail it to a stored address.' })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsObject({ message: 'deliver must be an object such as {"to": "default"}' })
  @ValidateNested()
  @Type(() => DeliverRequest)
  deliver?: DeliverRequest;

  @ApiPropertyOptional({
    type: Boolean,
    description:
      'Specific to Regain: false leaves the secret out of the answer, for a blind delivery. With an access token that only has recovery:deliver, deliveries are always blind.',
    example: false,
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsBoolean({ message: 'return_link must be true or false' })
  return_link?: boolean;

  @ApiPropertyOptional({
    oneOf: [{ type: 'boolean' }, { type: 'string', enum: ['keep_mail'] }],
    description:
      "Specific to Regain: older credentials and sessions stop working at once, until the account is recovered with an administrator's link or code; with keep_mail also with one that the person requested. Scopes recovery:issue and session:write.",
    example: true,
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsIn([true, false, 'keep_mail'], { message: 'contain must be true, false or "keep_mail"' })
  contain?: boolean | 'keep_mail';

  @ApiPropertyOptional({
    type: [String],
    enum: RESETTABLE,
    description:
      'Specific to Regain: credentials of these types are removed when a new one is set after the redemption, but never the new one itself. Scopes recovery:issue and credentials:write.',
    example: ['totp'],
  })
  @Transform(emptyIsAbsent)
  @IsOptional()
  @IsArray({ message: 'reset must be a list of credential types' })
  @IsIn(RESETTABLE, { each: true, message: `each of reset must be one of ${RESETTABLE.join(', ')}` })
  reset?: string[];

  @ApiProperty({
    type: String,
    format: 'uuid',
    description: 'The identity to recover.',
    example: ID,
  })
  @Transform(({ value }: { value: unknown }) => uuidOf(value) ?? emptyIsAbsent({ value }))
  @IsOptional()
  @IsUUID(undefined, { message: 'identity_id must be a UUID' })
  identity_id?: string;
}

/** Body of POST /admin/recovery/link. */
@ApiSchema({ name: 'createRecoveryLinkForIdentityBody' })
export class CreateRecoveryLinkRequest extends CreateRecoveryRequest {
  @ExpiresIn('link', '12h')
  expires_in?: string;
}

@ApiSchema({ name: 'recoveryLinkForIdentity' })
export class RecoveryLinkResponse {
  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    description: 'The link for the person. This answer is the only copy. Absent from a blind delivery.',
    example:
      'http://127.0.0.1:4433/api/kratos/public/self-service/recovery?flow=07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4b&token=L8VqYb0T5cQXy2nJtR7mKw3ZpGd9sHfE',
  })
  recovery_link?: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it expires.', example: LATER })
  expires_at!: string;

  @MessageIdProperty()
  message_id?: string;

  @WarningsProperty()
  warnings?: string[];
}

/** Body of POST /admin/recovery/code. */
@ApiSchema({ name: 'createRecoveryCodeForIdentityBody' })
export class CreateRecoveryCodeRequest extends CreateRecoveryRequest {
  @ExpiresIn('code', '1h')
  expires_in?: string;

  @ApiProperty({
    type: String,
    required: false,
    enum: ['browser', 'api'],
    description: 'Where the person enters the code: in a browser (the default), or in a native application.',
    example: 'browser',
  })
  @Transform(({ value }: { value: unknown }) => value ?? undefined)
  @IsOptional()
  @IsString({ message: 'flow_type must be "browser" or "api"' })
  flow_type?: string;
}

@ApiSchema({ name: 'recoveryCodeForIdentity' })
export class RecoveryCodeResponse {
  @ApiPropertyOptional({
    type: String,
    format: 'uri',
    description: 'The page on which the person enters the code. Absent from a blind delivery.',
    example: 'http://127.0.0.1:4433/api/kratos/public/ui/recovery?flow=07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4b',
  })
  recovery_link?: string;
  @ApiPropertyOptional({
    type: String,
    description: 'The code for the person. This answer is the only copy. Absent from a blind delivery.',
    example: '482913',
  })
  recovery_code?: string;
  @ApiProperty({ type: String, format: 'date-time', description: 'When it expires.', example: LATER })
  expires_at!: string;
  @MessageIdProperty()
  message_id?: string;

  @WarningsProperty()
  warnings?: string[];
}

/** One issued link or code, without its secret. */
@ApiSchema({ name: 'recoveryGrant' })
export class RecoveryGrantResponse {
  @ApiProperty({ type: String, format: 'uuid', example: '5c1d2e3f-4a5b-4c6d-8e7f-901234567890' }) id!: string;
  @ApiProperty({ type: String, enum: ['link', 'code'], example: 'link' }) kind!: string;
  @ApiProperty({ type: String, enum: ['active', 'used', 'revoked', 'expired'], example: 'active' }) state!: string;
  @ApiProperty({ type: String, format: 'uuid', example: ID }) identity_id!: string;
  @ApiProperty({ type: String, format: 'uuid', example: FLOW }) flow_id!: string;
  @ApiProperty({
    type: String,
    enum: ['access_token', 'operator', 'system', 'anonymous', 'session'],
    example: 'access_token',
  })
  issued_by_type!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Id of the access token that requested it.',
    example: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51',
  })
  issued_by_id!: string | null;
  @ApiProperty({ type: String, format: 'date-time', example: TIME }) created_at!: string;
  @ApiProperty({ type: String, format: 'date-time', example: LATER }) expires_at!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null }) used_at!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null }) revoked_at!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Id of the session that it opened.',
    example: null,
  })
  session_id!: string | null;
}

/** A recovery flow as clients see it. */
@ApiSchema({ name: 'recoveryFlow' })
export class RecoveryFlowBody {
  @ApiProperty({ type: String, format: 'uuid', example: FLOW }) id!: string;
  @ApiProperty({ type: String, enum: ['browser', 'api'], example: 'browser' }) type!: string;
  @ApiProperty({ type: String, format: 'date-time', example: LATER }) expires_at!: string;
  @ApiProperty({ type: String, format: 'date-time', example: TIME }) issued_at!: string;
  @ApiProperty({ type: String, format: 'uri', example: 'http://127.0.0.1:4433/self-service/recovery/browser' })
  request_url!: string;
  @ApiPropertyOptional({ type: String, format: 'uri', example: 'https://app.example.com/account' }) return_to?: string;
  @ApiProperty({ type: String, nullable: true, description: 'The chosen method.', example: 'link' })
  active!: string | null;
  @ApiProperty({ type: UiContainer }) ui!: UiContainer;
  @ApiProperty({ type: String, enum: ['choose_method', 'sent_email', 'passed_challenge'], example: 'choose_method' })
  state!: string;
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'How to continue after a code: the session token of a native client, the settings form.',
    example: [{ action: 'show_settings_ui', flow: { id: FLOW } }],
  })
  continue_with?: Record<string, unknown>[];
}

/** Body of POST /self-service/recovery, as JSON or as a form. */
@ApiSchema({ name: 'updateRecoveryFlowBody' })
export class UpdateRecoveryFlowBody {
  @ApiPropertyOptional({
    type: String,
    description: 'The token of a link that the person confirms.',
    example: 'L8VqYb0T5cQXy2nJtR7mKw3ZpGd9sHfE',
  })
  token?: string;
  @ApiPropertyOptional({ type: String, enum: ['link', 'code'], example: 'link' }) method?: string;
  @ApiPropertyOptional({ type: String, format: 'email', example: 'ada@example.com' }) email?: string;
  @ApiPropertyOptional({ type: String, description: 'The code that was sent.', example: '482913' }) code?: string;
  @ApiPropertyOptional({
    type: String,
    description: 'Browser flows only: the value of the node csrf_token.',
    example: '',
  })
  csrf_token?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Ignored.', example: {} })
  transient_payload?: Record<string, unknown>;
}
