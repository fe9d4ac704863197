import { Get, HttpCode, Injectable, Module, Param, Post } from '@nestjs/common';
import { IsInt, IsString, Max, Min } from 'class-validator';
import {
  AdminController,
  CurrentRequest,
  defineEntity,
  defineExtension,
  GuestDatabase,
  IdParam,
  InjectDatabase,
  p,
  PublicController,
  Scope,
} from '../../src/index.js';

class VipConfig {
  /** Hours that an approval counts. */
  @IsInt() @Min(1) @Max(48) readonly hours: number = 12;
  @IsString() readonly desk: string = 'nobody';
}

const Approval = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  properties: { identityId: p.uuid().primary(), approvedBy: p.string() },
});

@Injectable()
class Approvals {
  constructor(
    @InjectDatabase('vip-approval') readonly db: GuestDatabase,
    private readonly current: CurrentRequest,
  ) {}

  async approve(identityId: string): Promise<void> {
    const by = this.current.actor.label ?? 'nobody';
    await this.db.run('INSERT INTO approval (identity_id, approved_by) VALUES (?, ?)', [identityId, by]);
  }

  find(identityId: string): Promise<{ approvedBy: string } | null> {
    return this.db.transaction((em) => em.findOne(Approval, { identityId }));
  }
}

@AdminController('vip-approvals', { scope: 'vip:approve' })
class VipController {
  constructor(
    private readonly approvals: Approvals,
    private readonly config: VipConfig,
  ) {}

  @Post(':id')
  @HttpCode(204)
  async approve(@IdParam() id: string): Promise<void> {
    await this.approvals.approve(id);
  }

  @Get(':id')
  @Scope('vip:read', 'vip:approve')
  async show(@IdParam() id: string): Promise<object> {
    const found = await this.approvals.find(id);
    return { id, approved_by: found?.approvedBy ?? null, hours: this.config.hours };
  }

  @Post('foreign/:table')
  async foreign(@Param('table') table: string): Promise<object> {
    return { rows: await this.approvals.db.run(`SELECT * FROM ${table}`) };
  }
}

@PublicController('vip')
class VipPage {
  constructor(private readonly config: VipConfig) {}

  @Get('desk')
  desk(): object {
    return { desk: this.config.desk };
  }
}

@Module({ controllers: [VipController, VipPage], providers: [Approvals] })
class VipModule {}

export const vip = defineExtension({
  name: 'vip-approval',
  modules: [VipModule],
  scopes: { 'vip:approve': 'Approve a link for somebody important', 'vip:read': 'See approvals' },
  config: VipConfig,
  entities: [Approval],
  migrations: [
    {
      name: '0001-approvals',
      up: [
        `CREATE TABLE approval (
          identity_id uuid PRIMARY KEY REFERENCES public.identity(id) ON DELETE CASCADE,
          approved_by text NOT NULL)`,
      ],
    },
  ],
  prefixes: ['/admin/vip-approvals', '/vip'],
});
