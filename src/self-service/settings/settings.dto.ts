import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IdentityResponse } from '../../identity/index.js';
import { UiContainer } from '../../platform/ui/index.js';
import { ContinueWithRedirect } from '../login/login.dto.js';

const flowExample = '1f8f30f9-7f29-4b2b-9c6b-4d8a2b1f3a52';

/** A settings flow as clients see it. */
@ApiSchema({ name: 'settingsFlow' })
export class SettingsFlowBody {
  @ApiProperty({ format: 'uuid', example: flowExample }) id!: string;
  @ApiProperty({ type: String, enum: ['browser', 'api'], example: 'browser' }) type!: 'browser' | 'api';
  @ApiProperty({ format: 'date-time', example: '2030-01-31T09:00:00.000Z' }) expires_at!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) issued_at!: string;
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:4433/self-service/settings/browser' }) request_url!: string;
  @ApiPropertyOptional({ format: 'uri', example: 'https://app.example.com/account' }) return_to?: string;
  @ApiPropertyOptional({ type: String, example: 'oidc' }) active?: string;
  @ApiProperty({ type: UiContainer }) ui!: UiContainer;
  @ApiProperty({ type: IdentityResponse }) identity!: IdentityResponse;
  @ApiProperty({ type: String, enum: ['show_form', 'success'], example: 'show_form' }) state!: 'show_form' | 'success';
  @ApiProperty({ type: String, nullable: true, description: 'Regain has no organizations.', example: null })
  organization_id!: null;
  @ApiPropertyOptional({ type: [ContinueWithRedirect], description: 'For single page apps, after a saved change.' })
  continue_with?: ContinueWithRedirect[];
}

@ApiSchema({ name: 'updateSettingsFlowBody' })
export class UpdateSettingsFlowBody {
  @ApiProperty({ type: String, enum: ['password', 'profile', 'oidc'], example: 'password' })
  method!: 'password' | 'profile' | 'oidc';
  @ApiPropertyOptional({ format: 'password', example: 'correct horse battery staple' }) password?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: { email: 'anna@example.com' } })
  traits?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'For the method oidc: the provider to connect.', example: 'google' })
  link?: string;
  @ApiPropertyOptional({ description: 'For the method oidc: the provider to disconnect.', example: 'google' })
  unlink?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'For the method oidc: passed on to the provider.',
    example: { login_hint: 'anna@example.com' },
  })
  upstream_parameters?: Record<string, unknown>;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Ignored.', example: {} })
  transient_payload?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'Browser flows only: the value of the node csrf_token.', example: '' })
  csrf_token?: string;
}
