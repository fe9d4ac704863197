import type { FlowBody } from '../../src/pages/wire.js';
import type { StoredMessage } from '../../src/platform/flow/index.js';
import {
  csrfNode,
  inputNode,
  label,
  MessageId,
  renderMessages,
  submitNode,
  type UiNode,
} from '../../src/platform/ui/index.js';

/* Flows as sent to clients, for rendering pages without a server. */

export function flow(nodes: UiNode[], messages: StoredMessage[] = [], more: Partial<FlowBody> = {}): FlowBody {
  const ui = {
    action: 'https://id.example/self-service/x?flow=1',
    method: 'POST' as const,
    nodes: [csrfNode('csrf-value'), ...nodes],
  };
  return { id: 'flow-1', ui: { ...ui, messages: renderMessages(messages) }, ...more };
}

export function loginFlow(identifier = '', messages: StoredMessage[] = []): FlowBody {
  return flow(
    [
      inputNode({
        group: 'default',
        name: 'identifier',
        type: 'text',
        value: identifier,
        required: true,
        label: label(MessageId.LabelIdentifier),
      }),
      inputNode({
        group: 'password',
        name: 'password',
        type: 'password',
        required: true,
        autocomplete: 'current-password',
        label: label(MessageId.LabelPassword),
      }),
      submitNode('password', 'password', MessageId.LabelSignInWithPassword),
    ],
    messages,
  );
}

export function trait(name: string, type: string, value?: unknown, wrong: StoredMessage[] = []): UiNode {
  const text = label(MessageId.LabelTrait, { name: `traits.${name}`, title: name.toUpperCase() });
  return inputNode({
    group: 'profile',
    name: `traits.${name}`,
    type,
    value,
    label: text,
    messages: renderMessages(wrong),
  });
}

export function settingsFlow(
  messages: StoredMessage[] = [],
  passwordWrong: StoredMessage[] = [],
  traits?: UiNode[],
): FlowBody {
  const password = {
    group: 'password',
    name: 'password',
    type: 'password',
    required: true,
    autocomplete: 'new-password',
  };
  return flow(
    [
      ...(traits ?? [
        trait('email', 'email', 'ada@example.com'),
        trait('name.first', 'text'),
        trait('age', 'number', 0),
        trait('newsletter', 'checkbox', true),
      ]),
      submitNode('profile', 'profile'),
      inputNode({ ...password, label: label(MessageId.LabelPassword), messages: renderMessages(passwordWrong) }),
      submitNode('password', 'password'),
    ],
    messages,
    { state: 'show_form' },
  );
}

export const recoveryFlow = (messages: StoredMessage[] = []): FlowBody =>
  flow(
    [
      inputNode({ group: 'link', name: 'email', type: 'email', required: true, label: label(MessageId.LabelEmail) }),
      submitNode('link', 'link', MessageId.LabelContinue),
    ],
    messages,
  );

export const refreshing = (nodes: UiNode[]): FlowBody =>
  flow(nodes, [{ id: MessageId.ConfirmItIsYou }], { refresh: true });
