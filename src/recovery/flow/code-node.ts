import { inputNode, label, MessageId, renderMessages, type UiNode } from '../../platform/ui/index.js';
import { CODE_LENGTH } from './code.js';
import type { RecoveryFlowView } from './recovery-flow.view.js';

/** The input for the code. */
export function codeNode({ nodeMessages, longCode }: Pick<RecoveryFlowView, 'nodeMessages' | 'longCode'>): UiNode {
  const group = 'code';
  return inputNode({
    group,
    name: 'code',
    type: 'text',
    required: true,
    autocomplete: 'one-time-code',
    ...(longCode ? {} : { pattern: '[0-9]+', maxlength: CODE_LENGTH }),
    label: label(MessageId.LabelRecoveryCode),
    messages: renderMessages(nodeMessages['code'] ?? []),
  });
}
