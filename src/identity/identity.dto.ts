import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { WarningsProperty } from '../platform/http/index.js';
import { OidcCredentialBody } from './requests/connections.dto.js';
import { ContainmentResponse, HandOverResponse } from './standing.dto.js';

const ID = '9f425a8d-7efc-4768-8f23-7647a74fdf13';
const TIME = '2026-07-29T10:00:00.000Z';
const EMAIL = 'ada@example.com';
const ANY = { type: 'object' as const, additionalProperties: true };
const ANY_JSON = {
  anyOf: [{ ...ANY }, { type: 'array' }, { type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
};

@ApiSchema({ name: 'identityWithCredentialsPasswordConfig' })
class PasswordConfigBody {
  @ApiPropertyOptional({
    description: 'Plain text; hashed before it is stored.',
    example: 'correct horse battery staple',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(1024)
  password?: string;

  @ApiPropertyOptional({
    description:
      'A hash from another system: bcrypt, argon2, pbkdf2, scrypt and older kinds, in the format that Kratos imports.',
    example: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$…',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  hashed_password?: string;
}

@ApiSchema({ name: 'identityWithCredentialsPassword' })
class PasswordCredentialBody {
  @ApiPropertyOptional({ type: PasswordConfigBody })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PasswordConfigBody)
  config?: PasswordConfigBody;
}

@ApiSchema({ name: 'identityWithCredentials' })
export class CredentialsBody {
  @ApiPropertyOptional({ type: PasswordCredentialBody })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PasswordCredentialBody)
  password?: PasswordCredentialBody;

  @ApiPropertyOptional({ type: OidcCredentialBody })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OidcCredentialBody)
  oidc?: OidcCredentialBody;
}

@ApiSchema({ name: 'givenRecoveryAddress' })
class GivenRecoveryAddressBody {
  @ApiPropertyOptional({
    format: 'uuid',
    example: ID,
    description: 'Ignored; the server assigns the ids of addresses.',
  })
  @IsOptional()
  @IsString()
  id?: string;

  @ApiProperty({ example: EMAIL })
  @IsString()
  @MaxLength(1024)
  value!: string;

  @ApiProperty({ enum: ['email', 'sms'], example: 'email' })
  @IsIn(['email', 'sms'])
  via!: string;

  @ApiPropertyOptional({ format: 'date-time', example: TIME, description: 'Ignored.' })
  @IsOptional()
  @IsString()
  created_at?: string;

  @ApiPropertyOptional({ format: 'date-time', example: TIME, description: 'Ignored.' })
  @IsOptional()
  @IsString()
  updated_at?: string;
}

@ApiSchema({ name: 'givenVerifiableAddress' })
class GivenVerifiableAddressBody extends GivenRecoveryAddressBody {
  @ApiPropertyOptional({ example: true })
  @IsOptional()
  @IsBoolean()
  verified?: boolean;

  @ApiPropertyOptional({ enum: ['pending', 'sent', 'completed'], example: 'completed' })
  @IsOptional()
  @IsIn(['pending', 'sent', 'completed'])
  status?: string;

  @ApiPropertyOptional({ format: 'date-time', example: TIME })
  @IsOptional()
  @IsISO8601({ strict: true })
  verified_at?: string;
}

/** Body of `POST /admin/identities`. Unknown fields are listed in `warnings`, misspelt ones are refused. */
@ApiSchema({ name: 'createIdentityBody' })
export class CreateIdentityBody {
  @ApiPropertyOptional({ description: 'Absent: identity.default_schema_id.', example: 'person' })
  @IsOptional()
  @IsString()
  schema_id?: string;

  @ApiProperty({ ...ANY, description: 'Must be valid against the identity schema.', example: { email: EMAIL } })
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown>;

  @ApiPropertyOptional({ enum: ['active', 'inactive'], default: 'active', example: 'active' })
  @IsOptional()
  @IsString()
  state?: string;

  @ApiPropertyOptional({ description: 'The identity’s id in another system; unique.', example: 'crm-4711' })
  @IsOptional()
  @IsString()
  external_id?: string;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'The person can see it too.', example: { plan: 'pro' } })
  @IsOptional()
  metadata_public?: unknown;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'Only administrators can see it.', example: { crm: 7 } })
  @IsOptional()
  metadata_admin?: unknown;

  @ApiPropertyOptional({ type: CredentialsBody, description: 'Also needs the scope credentials:write.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CredentialsBody)
  credentials?: CredentialsBody;

  @ApiPropertyOptional({
    type: [GivenVerifiableAddressBody],
    description: 'State of addresses that the traits contain; other addresses are ignored.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => GivenVerifiableAddressBody)
  verifiable_addresses?: GivenVerifiableAddressBody[];

  @ApiPropertyOptional({
    type: [GivenRecoveryAddressBody],
    description: 'Ignored: recovery addresses come from the traits.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => GivenRecoveryAddressBody)
  recovery_addresses?: GivenRecoveryAddressBody[];
}

/**
 * Body of `PUT /admin/identities/{id}`: the complete identity, as an answer shows it. Its addresses follow from the
 * traits.
 */
@ApiSchema({ name: 'updateIdentityBody' })
export class UpdateIdentityBody {
  @ApiPropertyOptional({ description: 'Unchanged if absent.', example: 'person' })
  @IsOptional()
  @IsString()
  schema_id?: string;

  @ApiProperty({ ...ANY, description: 'Must be valid against the identity schema.', example: { email: EMAIL } })
  @IsOptional()
  @IsObject()
  traits?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: Boolean,
    description:
      'Specific to Regain: a different password also lifts a containment. Needs the scopes recovery:issue, session:write and credentials:write.',
    example: true,
  })
  @IsOptional()
  @IsBoolean({ message: 'lift must be true or false' })
  lift?: boolean;

  @ApiPropertyOptional({ enum: ['active', 'inactive'], description: 'Unchanged if absent.', example: 'active' })
  @IsOptional()
  @IsString()
  state?: string;

  @ApiPropertyOptional({ description: 'If absent, the identity’s external id is removed.', example: 'crm-4711' })
  @IsOptional()
  @IsString()
  external_id?: string;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'Absent: null.', example: { plan: 'pro' } })
  @IsOptional()
  metadata_public?: unknown;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'Absent: null.', example: { crm: 7 } })
  @IsOptional()
  metadata_admin?: unknown;

  @ApiPropertyOptional({
    type: CredentialsBody,
    description: 'New credentials, which also need the scope credentials:write. Existing ones stay.',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CredentialsBody)
  credentials?: CredentialsBody;
}

/** One operation of a JSON patch (RFC 6902). */
@ApiSchema({ name: 'jsonPatch' })
export class JsonPatchOperation {
  @ApiProperty({ enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'], example: 'replace' }) op!: string;
  @ApiProperty({
    description:
      'A path under /traits, /metadata_public or /metadata_admin; or /state, /schema_id, /external_id; or /verifiable_addresses/0/verified (status, verified_at); with credentials:write also /credentials/password/config/hashed_password.',
    example: '/state',
  })
  path!: string;
  @ApiPropertyOptional({ description: 'For move and copy.', example: '/traits/name' }) from?: string;
  @ApiPropertyOptional({ ...ANY_JSON, description: 'For add, replace and test.', example: 'inactive' }) value?: unknown;
}

@ApiSchema({ name: 'identityPatch' })
export class BatchEntryBody {
  @ApiPropertyOptional({ format: 'uuid', example: ID, description: 'Returned in the answer.' })
  @Allow()
  patch_id?: string;

  @ApiProperty({ type: CreateIdentityBody })
  @Allow()
  create!: CreateIdentityBody;
}

/** Body of `PATCH /admin/identities`. Entries are read one by one, so an error in one does not affect the others. */
@ApiSchema({ name: 'patchIdentitiesBody' })
export class BatchIdentitiesBody {
  @ApiPropertyOptional({
    type: [BatchEntryBody],
    maxItems: 1000,
    description: 'At most 200 of them with a plain-text password.',
  })
  @Allow()
  identities?: BatchEntryBody[];
}

@ApiSchema({ name: 'recoveryIdentityAddress' })
class RecoveryAddressResponse {
  @ApiProperty({ format: 'uuid', example: ID }) id!: string;
  @ApiProperty({ example: EMAIL }) value!: string;
  @ApiProperty({ example: 'email' }) via!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) created_at!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) updated_at!: string;
}

@ApiSchema({ name: 'verifiableIdentityAddress' })
class VerifiableAddressResponse extends RecoveryAddressResponse {
  @ApiProperty({ example: false }) verified!: boolean;
  @ApiProperty({ enum: ['pending', 'sent', 'completed'], example: 'pending' }) status!: string;
  @ApiPropertyOptional({ format: 'date-time', example: TIME }) verified_at?: string;
}

@ApiSchema({ name: 'identityCredentials' })
export class CredentialResponse {
  @ApiProperty({ example: 'password' }) type!: string;
  @ApiProperty({ type: [String], example: [EMAIL] }) identifiers!: string[];
  @ApiPropertyOptional({
    ...ANY,
    description: 'Only with include_credential and the scope credentials:read.',
    example: { hashed_password: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$…' },
  })
  config?: Record<string, unknown>;
  @ApiProperty({ type: 'integer', example: 1 }) version!: number;
  @ApiProperty({ format: 'date-time', example: TIME }) created_at!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) updated_at!: string;
}

@ApiExtraModels(CredentialResponse)
@ApiSchema({ name: 'identity' })
export class IdentityResponse {
  @ApiProperty({ format: 'uuid', example: ID }) id!: string;
  @ApiPropertyOptional({ example: 'crm-4711' }) external_id?: string;
  @ApiPropertyOptional({
    type: 'object',
    description: 'By type; only for administrators.',
    additionalProperties: { $ref: '#/components/schemas/identityCredentials' },
  })
  credentials?: Record<string, CredentialResponse>;
  @ApiProperty({ example: 'person' }) schema_id!: string;
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:4433/schemas/cGVyc29u' }) schema_url!: string;
  @ApiProperty({ enum: ['active', 'inactive'], example: 'active' }) state!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) state_changed_at!: string;
  @ApiProperty({
    oneOf: [{ ...ANY }, { type: 'null' }],
    description: 'Null for an access token without identity:read, like everything else that identifies the person.',
    example: { email: EMAIL },
  })
  traits!: Record<string, unknown> | null;
  @ApiPropertyOptional({ type: [VerifiableAddressResponse] }) verifiable_addresses?: VerifiableAddressResponse[];
  @ApiPropertyOptional({ type: [RecoveryAddressResponse] }) recovery_addresses?: RecoveryAddressResponse[];
  @ApiProperty({ ...ANY_JSON, description: 'The person can see it too.', example: null }) metadata_public!: unknown;
  @ApiPropertyOptional({ ...ANY_JSON, description: 'Administrators only.', example: null })
  metadata_admin?: unknown;
  @ApiPropertyOptional({ type: HandOverResponse, description: 'Administrators only.' }) hand_over?: HandOverResponse;
  @ApiPropertyOptional({ type: ContainmentResponse, description: 'Administrators only.' })
  containment?: ContainmentResponse;
  @ApiProperty({ format: 'date-time', example: TIME }) created_at!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) updated_at!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Regain has no organizations.', example: null })
  organization_id!: null;
  @WarningsProperty()
  warnings?: string[];
}

@ApiSchema({ name: 'identityPatchResponse' })
class BatchEntryResponse {
  @ApiProperty({ enum: ['create', 'error'], example: 'create' }) action!: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'Id of the new identity.', example: ID }) identity?: string;
  @ApiPropertyOptional({ format: 'uuid', example: ID }) patch_id?: string;
  @ApiPropertyOptional({
    ...ANY,
    description: 'Why the entry was refused.',
    example: { code: 409, status: 'Conflict', message: 'Unable to insert or update resource …' },
  })
  error?: object;
  @WarningsProperty()
  warnings?: string[];
}

@ApiSchema({ name: 'batchPatchIdentitiesResponse' })
export class BatchIdentitiesResponse {
  @ApiProperty({ type: [BatchEntryResponse], description: 'In the order of the request.' })
  identities!: BatchEntryResponse[];
  @WarningsProperty()
  warnings?: string[];
}

@ApiSchema({ name: 'identitySchemaContainer' })
export class SchemaResponse {
  @ApiProperty({ example: 'person' }) id!: string;
  @ApiProperty({
    ...ANY,
    description: 'The JSON schema.',
    example: { type: 'object', properties: { traits: { type: 'object' } } },
  })
  schema!: Record<string, unknown>;
}
