import { defineExtension } from 'regain';
import { VipConfig } from './vip.config.js';
import { VipModule } from './vip.module.js';

export default defineExtension({
  name: 'vip-approval',
  modules: [VipModule],
  scopes: { 'vip:approve': 'Approve a recovery link for an important person' },
  config: VipConfig,
  migrations: [
    {
      name: '0001-approvals',
      up: [
        `CREATE TABLE approval (
          identity_id uuid NOT NULL REFERENCES public.identity(id) ON DELETE CASCADE,
          asked_by text NOT NULL,
          asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
          approved_by text,
          approved_at timestamptz,
          PRIMARY KEY (identity_id, asked_by))`,
      ],
    },
  ],
  prefixes: ['/admin/vip-approvals'],
});
