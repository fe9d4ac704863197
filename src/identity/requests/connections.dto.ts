import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';

@ApiSchema({ name: 'identityWithCredentialsOidcConfigProvider' })
class ConnectionBody {
  @ApiProperty({ description: 'The provider’s id in the configuration.', example: 'google' })
  @Matches(/^[A-Za-z0-9_.-]{1,64}$/)
  provider!: string;

  @ApiProperty({ description: 'The account’s id at the provider.', example: '110169484474386276334' })
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  subject!: string;

  @ApiPropertyOptional({ type: String, nullable: true, description: 'Accepted, without effect.', example: null })
  @IsOptional()
  @IsString()
  organization?: string | null;

  @ApiPropertyOptional({ description: 'Accepted, without effect: the connection is made at once.', example: false })
  @IsOptional()
  @IsBoolean()
  use_auto_link?: boolean;
}

@ApiSchema({ name: 'identityWithCredentialsOidcConfig' })
class OidcConfigBody {
  @ApiPropertyOptional({ type: [ConnectionBody] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ConnectionBody)
  providers?: ConnectionBody[];
}

/** Accounts at social sign-in providers; existing ones stay. */
@ApiSchema({ name: 'identityWithCredentialsOidc' })
export class OidcCredentialBody {
  @ApiPropertyOptional({ type: OidcConfigBody })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => OidcConfigBody)
  config?: OidcConfigBody;
}
