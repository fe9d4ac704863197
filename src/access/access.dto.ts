import { WarningsProperty } from '../platform/http/index.js';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { SCOPES } from '../platform/http/index.js';

@ApiSchema({ name: 'createAccessTokenBody' })
export class CreateAccessTokenBody {
  @ApiProperty({ example: 'support desk', minLength: 1, maxLength: 100 })
  @IsString()
  name!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, minItems: 1, example: ['recovery:issue', 'identity:read'] })
  @IsArray()
  @IsString({ each: true })
  scopes!: string[];

  @ApiPropertyOptional({ example: '720h', description: 'a Go duration; if absent, the token never expires' })
  @IsOptional()
  @IsString()
  expires_in?: string;
}

@ApiSchema({ name: 'accessToken' })
export class AccessTokenResponse {
  @ApiProperty({ format: 'uuid', example: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51' })
  id!: string;

  @ApiProperty({ example: 'support desk' })
  name!: string;

  @ApiProperty({ example: 'k3Zq', description: 'the last four characters of the token' })
  last4!: string;

  @ApiProperty({ enum: SCOPES, isArray: true, example: ['recovery:issue', 'identity:read'] })
  scopes!: string[];

  @ApiProperty({ enum: ['active', 'expired', 'revoked'], example: 'active' })
  state!: string;

  @ApiProperty({ enum: ['api', 'command', 'environment', 'first_start'], example: 'api' })
  source!: string;

  @ApiProperty({
    example: '8d0b6a3e-5c0f-4f1f-9a44-6f6f0d1c2b3a',
    description: 'the id of the token, or the name of the operator, that created it',
  })
  created_by!: string;

  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2030-03-02T08:00:00.000Z' })
  expires_at!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'accurate to about a minute',
  })
  last_used_at!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  revoked_at!: string | null;
}

@ApiSchema({ name: 'createdAccessToken' })
export class CreatedAccessTokenResponse extends AccessTokenResponse {
  @ApiProperty({ example: 'ory_pat_0123456789abcdefghijABCDEFGHIJkl', description: 'shown only once' })
  token!: string;

  @WarningsProperty()
  warnings?: string[];
}
