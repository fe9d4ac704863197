import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IdentityResponse } from '../identity/index.js';

@ApiSchema({ name: 'sessionDevice' })
export class DeviceResponse {
  @ApiProperty({ format: 'uuid', example: '3c8d5f2e-1b7a-4f0c-9d3e-6a5b4c3d2e1f' }) id!: string;
  @ApiProperty({ example: '192.0.2.17' }) ip_address!: string;
  @ApiProperty({ example: 'Mozilla/5.0 (X11; Linux x86_64)' }) user_agent!: string;
  @ApiProperty({ example: '' }) location!: string;
}

@ApiSchema({ name: 'sessionAuthenticationMethod' })
class AuthenticationMethodResponse {
  @ApiProperty({ description: 'password, link_recovery, …', example: 'link_recovery' }) method!: string;
  @ApiProperty({ example: 'aal1' }) aal!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) completed_at!: string;
  @ApiPropertyOptional({ type: String, description: 'For oidc: the provider that was used.', example: 'google' })
  provider?: string;
}

class SessionFacts {
  @ApiProperty({ format: 'uuid', example: '6f1d2c3b-4a59-4e8d-9c7b-0a1b2c3d4e5f' }) id!: string;
  @ApiProperty({ description: 'Whether the session was live when it was read.', example: true }) active!: boolean;
  @ApiProperty({ format: 'date-time', example: '2030-02-01T08:00:00.000Z' }) expires_at!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) authenticated_at!: string;
  @ApiProperty({ example: 'aal1' }) authenticator_assurance_level!: string;
  @ApiProperty({ type: [AuthenticationMethodResponse] }) authentication_methods!: AuthenticationMethodResponse[];
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) issued_at!: string;
}

@ApiSchema({ name: 'session' })
export class SessionResponse extends SessionFacts {
  @ApiProperty({ type: IdentityResponse }) identity!: IdentityResponse;
  @ApiProperty({ type: [DeviceResponse] }) devices!: DeviceResponse[];
}

/** A session as administrators and lists see it. */
@ApiSchema({ name: 'listedSession' })
export class ListedSessionResponse extends SessionFacts {
  @ApiProperty({
    oneOf: [{ $ref: '#/components/schemas/identity' }, { type: 'null' }],
    description: 'Null unless expanded. In lists, it has no addresses and its schema_url is empty.',
  })
  identity!: IdentityResponse | null;
  @ApiProperty({
    oneOf: [{ type: 'array', items: { $ref: '#/components/schemas/sessionDevice' } }, { type: 'null' }],
    description: 'Null or empty unless expanded.',
  })
  devices!: DeviceResponse[] | null;
}

@ApiSchema({ name: 'deleteMySessionsCount' })
export class RevokedCountResponse {
  @ApiProperty({
    type: 'integer',
    description: 'Number of other sessions, including those that had already ended.',
    example: 2,
  })
  count!: number;
}
