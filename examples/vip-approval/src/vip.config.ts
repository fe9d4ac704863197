import { IsInt, Max, Min } from 'class-validator';

/** `extensions.vip-approval` in kratos.yml. */
export class VipConfig {
  /** How long an approval counts. */
  @IsInt() @Min(1) @Max(72) readonly hours: number = 12;
}
