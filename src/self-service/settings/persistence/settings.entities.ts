import { defineEntity, p } from '@mikro-orm/core';
import type { FlowType, NodeMessages, StoredMessage } from '../../../platform/flow/index.js';

/** One settings form. Nodes are not stored; they are built when the flow is shown. */
const SettingsFlowSchema = defineEntity({
  name: 'SettingsFlow',
  tableName: 'settings_flow',
  properties: {
    id: p.uuid().primary(),
    type: p.text().$type<FlowType>(),
    state: p.text().$type<'show_form' | 'success'>(),
    activeMethod: p.text().nullable(),
    identityId: p.uuid(),
    accessEpoch: p.integer(),
    requestUrl: p.text(),
    returnTo: p.text().nullable(),
    csrfDigest: p.blob().nullable().hidden(),
    messages: p.json<StoredMessage[]>(),
    nodeMessages: p.json<NodeMessages>(),
    submitted: p.json<{ traits?: Record<string, unknown> }>(),
    issuedAt: p.datetime().columnType('timestamptz'),
    expiresAt: p.datetime().columnType('timestamptz'),
  },
});
class SettingsFlow extends SettingsFlowSchema.class {}
SettingsFlowSchema.setClass(SettingsFlow);

export const settingsEntities = [SettingsFlowSchema];
