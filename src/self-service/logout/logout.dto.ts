import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

@ApiSchema({ name: 'logoutFlow' })
export class LogoutFlowResponse {
  @ApiProperty({
    format: 'uri',
    example: 'http://127.0.0.1:4433/self-service/logout?token=ory_lo_0123456789abcdefghijABCDEFGHIJkl',
  })
  logout_url!: string;
  @ApiProperty({ example: 'ory_lo_0123456789abcdefghijABCDEFGHIJkl' }) logout_token!: string;
}

@ApiSchema({ name: 'performNativeLogoutBody' })
export class NativeLogoutBody {
  /** Absent counts as unknown. */
  @ApiProperty({ example: 'ory_st_0123456789abcdefghijABCDEFGHIJkl' })
  @IsOptional()
  @IsString({ message: 'session_token must be a string' })
  session_token?: string;
}
