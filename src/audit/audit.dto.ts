import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const TEXT_OR_NULL = { type: String, nullable: true } as const;

const COUNT = { type: 'integer', minimum: 0, example: 1 } as const;

@ApiSchema({ name: 'auditEventEnded' })
export class AuditEndedResponse {
  @ApiPropertyOptional(COUNT)
  sessions?: number;

  @ApiPropertyOptional(COUNT)
  grants?: number;

  @ApiPropertyOptional(COUNT)
  passwords?: number;

  @ApiPropertyOptional({ ...COUNT, description: 'connected accounts that were suspended' })
  accounts?: number;

  @ApiPropertyOptional({ ...COUNT, description: 'recovery addresses that were suspended' })
  addresses?: number;

  @ApiPropertyOptional({ ...COUNT, description: 'credentials that a reset removed' })
  removed?: number;
}

@ApiSchema({ name: 'auditEventDetail' })
export class AuditDetailResponse {
  @ApiPropertyOptional({ enum: ['password', 'oidc'], example: 'oidc', description: 'how the person signed in' })
  method?: string;

  @ApiPropertyOptional({ type: String, example: 'google', description: 'id of the social sign-in provider' })
  provider?: string;

  @ApiPropertyOptional({
    type: String,
    example: 'vip_approval_missing',
    description: 'id of the veto by which an extension refused',
  })
  veto?: string;

  @ApiPropertyOptional({ type: AuditEndedResponse, description: 'what a new credential or a containment ended' })
  ended?: AuditEndedResponse;
}

@ApiExtraModels(AuditDetailResponse)
@ApiSchema({ name: 'auditEvent' })
export class AuditEventResponse {
  @ApiProperty({ format: 'uuid', example: '01890a5d-ac96-774b-bcce-b302099a8057' })
  id!: string;

  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' })
  at!: string;

  @ApiProperty({
    enum: ['access_token', 'session', 'operator', 'system', 'anonymous', 'several'],
    example: 'access_token',
    description: '`several`: the event counts refusals of more than one caller or target, and names none of them',
  })
  actor_type!: string;

  @ApiProperty({ ...TEXT_OR_NULL, example: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51' })
  actor_id!: string | null;

  @ApiProperty({
    ...TEXT_OR_NULL,
    example: 'support desk',
    description: 'the name of the access token or of the operator',
  })
  actor_label!: string | null;

  @ApiProperty({ example: 'recovery.link.created' })
  action!: string;

  @ApiProperty({ enum: ['success', 'refused'], example: 'success' })
  outcome!: string;

  @ApiProperty({ ...TEXT_OR_NULL, example: 'identity' })
  target_type!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, example: '9b8f3c1e-2f0a-4c58-8f5e-5d0f4a1b7c33' })
  target_id!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, format: 'uuid', example: '5c1d2e3f-4a5b-4c6d-8e7f-901234567890' })
  grant_id!: string | null;

  @ApiProperty({
    ...TEXT_OR_NULL,
    example: 'lost phone',
    description: 'the X-Regain-Reason header; for refusals, how many there were',
  })
  reason!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, example: 'DESK-1204', description: 'X-Regain-Ticket' })
  ticket!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, example: '7d1f0e2c-9b53-4a0e-8a77-3f1f6a1c2b90' })
  request_id!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, example: '192.0.2.10' })
  network!: string | null;

  @ApiProperty({ ...TEXT_OR_NULL, example: 'curl/8.5.0' })
  user_agent!: string | null;

  @ApiProperty({
    description: 'further details of some events',
    oneOf: [{ $ref: '#/components/schemas/auditEventDetail' }, { type: 'null' }],
  })
  detail!: AuditDetailResponse | null;
}
