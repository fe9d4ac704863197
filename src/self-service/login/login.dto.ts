import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { UiContainer } from '../../platform/ui/index.js';
import { SessionResponse } from '../../session/index.js';

const flowExample = '9f425a8d-7efc-4768-8f23-7647a74fdf13';

/** A login flow as clients see it. */
@ApiSchema({ name: 'loginFlow' })
export class LoginFlowBody {
  @ApiProperty({ format: 'uuid', example: flowExample }) id!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Regain has no organizations.', example: null })
  organization_id!: null;
  @ApiProperty({ type: String, enum: ['browser', 'api'], example: 'browser' }) type!: 'browser' | 'api';
  @ApiProperty({ format: 'date-time', example: '2030-01-31T09:00:00.000Z' }) expires_at!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) issued_at!: string;
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:4433/self-service/login/browser' }) request_url!: string;
  @ApiPropertyOptional({ format: 'uri', example: 'https://app.example.com/account' }) return_to?: string;
  @ApiPropertyOptional({ example: 'password' }) active?: string;
  @ApiProperty({ type: UiContainer }) ui!: UiContainer;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) created_at!: string;
  @ApiProperty({ format: 'date-time', example: '2030-01-31T08:00:00.000Z' }) updated_at!: string;
  @ApiProperty({ description: 'A signed-in person confirms that it is them.', example: false })
  refresh!: boolean;
  @ApiProperty({ example: 'aal1' }) requested_aal!: string;
  @ApiProperty({ type: String, enum: ['choose_method', 'passed_challenge'], example: 'choose_method' }) state!: string;
}

@ApiSchema({ name: 'updateLoginFlowBody' })
export class UpdateLoginFlowBody {
  @ApiProperty({ type: String, enum: ['password', 'oidc'], example: 'password' }) method!: 'password' | 'oidc';
  @ApiPropertyOptional({ description: 'For the method password.', example: 'anna@example.com' }) identifier?: string;
  @ApiPropertyOptional({ format: 'password', example: 'correct horse battery staple' }) password?: string;
  @ApiPropertyOptional({ description: 'For the method oidc: the id of the provider.', example: 'google' })
  provider?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'For the method oidc: passed on to the provider.',
    example: { login_hint: 'anna@example.com' },
  })
  upstream_parameters?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'Browser flows only: the value of the node csrf_token.', example: '' })
  csrf_token?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Ignored.', example: {} })
  transient_payload?: Record<string, unknown>;
}

@ApiSchema({ name: 'continueWithRedirectBrowserTo' })
export class ContinueWithRedirect {
  @ApiProperty({ type: String, enum: ['redirect_browser_to'], example: 'redirect_browser_to' })
  action!: 'redirect_browser_to';
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:4433/ui/welcome' }) redirect_browser_to!: string;
}

@ApiSchema({ name: 'successfulNativeLogin' })
export class SuccessfulLogin {
  @ApiPropertyOptional({ description: 'Native flows only.', example: 'ory_st_0123456789abcdefghijABCDEFGHIJkl' })
  session_token?: string;
  @ApiProperty({ type: SessionResponse }) session!: SessionResponse;
  @ApiProperty({ type: [ContinueWithRedirect], nullable: true }) continue_with!: ContinueWithRedirect[] | null;
}
