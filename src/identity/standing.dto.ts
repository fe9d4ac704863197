import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ID = '9f425a8d-7efc-4768-8f23-7647a74fdf13';
const TIME = '2026-07-29T10:00:00.000Z';

/** A redeemed link or code handed the account over, and no credential has been set since. */
@ApiSchema({ name: 'identityHandOver' })
export class HandOverResponse {
  @ApiProperty({ enum: ['open', 'abandoned'], example: 'open' }) state!: string;
  @ApiProperty({ format: 'uuid', example: ID }) grant_id!: string;
  @ApiProperty({ format: 'uuid', example: ID }) session_id!: string;
  @ApiProperty({ enum: ['admin', 'self_service'], example: 'admin' }) by!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) opened_at!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) until!: string;
}

/** Older credentials don't work until the account is recovered. */
@ApiSchema({ name: 'identityContainment' })
export class ContainmentResponse {
  @ApiProperty({ enum: ['all', 'keep_mail'], example: 'all' }) mode!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) since!: string;
  @ApiProperty({ format: 'uuid', description: 'Id of the grant that contained the identity.', example: ID })
  grant_id!: string;
  @ApiProperty({
    description: 'Whether a link or code from an administrator still works for it.',
    example: true,
  })
  live_grant!: boolean;
}

/** A way in that a hand-over suspended. */
@ApiSchema({ name: 'suspendedWay' })
export class SuspendedWayResponse {
  @ApiProperty({ format: 'uuid', example: ID }) id!: string;
  @ApiProperty({ enum: ['account', 'address'], example: 'account' }) kind!: string;
  @ApiProperty({ description: 'For an account, its provider; for an address, where its mail goes.', example: 'google' })
  name!: string;
  @ApiProperty({ format: 'date-time', example: TIME }) since!: string;
}
