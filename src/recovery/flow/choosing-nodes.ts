import { inputNode, label, MessageId, renderMessages, submitNode, type UiNode } from '../../platform/ui/index.js';
import { codeNode } from './code-node.js';
import type { Choosing } from './choosing.js';
import type { RecoveryFlowView } from './recovery-flow.view.js';

const group = 'code';

/** The form in which a person names an address, chooses between those of the account, and enters the code. */
export function choosingNodes(flow: RecoveryFlowView, choosing: Choosing): UiNode[] {
  if (flow.state !== 'choose_method') return codeForm(flow, choosing);
  switch (choosing.step) {
    case 'address':
      return [anyAddress(flow), submitNode(group, 'code', MessageId.LabelContinue)];
    case 'choice':
      return [...choiceNodes(choosing), methodNode(), hidden('recovery_address', choosing.address)];
    case 'confirm':
      return [
        fullAddress(flow),
        hidden('recovery_address', choosing.address),
        submitNode(group, 'code', MessageId.LabelContinue),
        methodNode(),
        backNode(),
      ];
  }
}

const anyAddress = ({ nodeMessages }: RecoveryFlowView): UiNode =>
  inputNode({
    group,
    name: 'recovery_address',
    type: 'text',
    required: true,
    label: label(MessageId.LabelRecoveryAddress),
    messages: renderMessages(nodeMessages['recovery_address'] ?? []),
  });

const fullAddress = ({ nodeMessages }: RecoveryFlowView): UiNode =>
  inputNode({
    group,
    name: 'recovery_confirm_address',
    type: 'email',
    value: '',
    required: true,
    label: label(MessageId.LabelEmail),
    messages: renderMessages(nodeMessages['recovery_confirm_address'] ?? []),
  });

const choiceNodes = ({ choices }: Choosing): UiNode[] =>
  choices.map(({ hash, masked }) =>
    inputNode({
      group,
      name: 'recovery_select_address',
      type: 'submit',
      value: hash,
      label: label(MessageId.LabelGiven, { text: masked }),
    }),
  );

const codeForm = (flow: RecoveryFlowView, { address }: Choosing): UiNode[] => [
  codeNode(flow),
  submitNode(group, 'code', MessageId.LabelContinue),
  methodNode(),
  inputNode({
    group,
    name: 'recovery_confirm_address',
    type: 'submit',
    value: flow.email ?? '',
    label: label(MessageId.LabelResendCode),
    messages: renderMessages(flow.nodeMessages['recovery_confirm_address'] ?? []),
  }),
  hidden('recovery_address', address),
  backNode(),
];

const hidden = (name: string, value: string): UiNode => inputNode({ group, name, type: 'hidden', value });
const methodNode = (): UiNode => hidden('method', 'code');
const backNode = (): UiNode =>
  inputNode({ group, name: 'screen', type: 'submit', value: 'previous', label: label(MessageId.LabelBack) });
