import { inputNode, label, MessageId, renderMessages, submitNode, type UiNode } from '../../platform/ui/index.js';
import { codeNode } from './code-node.js';
import type { Choosing } from './choosing.js';
import type { RecoveryFlowView } from './recovery-flow.view.js';

const group = 'code';

/** The form in which a person enters an address, chooses among the account's addresses, and enters the code. */
export function choosingNodes(flow: RecoveryFlowView, choosing: Choosing): UiNode[] {
  if (flow.state !== 'choose_method') return codeForm(flow, choosing);
  switch (choosing.step) {
    case 'address':
      return [anyAddress(flow), submitNode(group, 'code', MessageId.LabelContinue)];
    case 'choice':
      return [...choiceNodes(flow, choosing), methodNode(), named(flow, choosing)];
    case 'confirm':
      return [
        fullAddress(flow),
        named(flow, choosing),
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

/** Like in Kratos, the first choice carries the message that none was chosen. */
const choiceNodes = ({ nodeMessages }: RecoveryFlowView, { choices }: Choosing): UiNode[] =>
  choices.map(({ hash, masked }, index) =>
    inputNode({
      group,
      name: 'recovery_select_address',
      type: 'submit',
      value: hash,
      label: label(MessageId.LabelGiven, { text: masked }),
      messages: renderMessages((index === 0 && nodeMessages['recovery_select_address']) || []),
    }),
  );

/** The address that was entered first. */
const named = ({ nodeMessages }: RecoveryFlowView, { address }: Choosing): UiNode =>
  inputNode({
    group,
    name: 'recovery_address',
    type: 'hidden',
    value: address,
    messages: renderMessages(nodeMessages['recovery_address'] ?? []),
  });

const codeForm = (flow: RecoveryFlowView, choosing: Choosing): UiNode[] => [
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
  named(flow, choosing),
  backNode(),
];

const methodNode = (): UiNode => inputNode({ group, name: 'method', type: 'hidden', value: 'code' });
const backNode = (): UiNode =>
  inputNode({ group, name: 'screen', type: 'submit', value: 'previous', label: label(MessageId.LabelBack) });
