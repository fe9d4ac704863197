import { label, MessageId } from './messages.js';
import type { InputAttributes, UiNode, UiText } from './ui.dto.js';

type Input = Omit<InputAttributes, 'disabled' | 'node_type'> & { group: string; label?: UiText; messages?: UiText[] };

export function inputNode({ group, label: text, messages = [], ...attributes }: Input): UiNode {
  return {
    type: 'input',
    group,
    attributes: { ...attributes, disabled: false, node_type: 'input' },
    messages,
    meta: text ? { label: text } : {},
  };
}

/** @param value the masked token of this form; empty for native clients */
export function csrfNode(value: string): UiNode {
  return inputNode({ group: 'default', name: 'csrf_token', type: 'hidden', value, required: true });
}

export function submitNode(group: string, value: string, labelId: number = MessageId.LabelSave): UiNode {
  return inputNode({ group, name: 'method', type: 'submit', value, label: label(labelId) });
}
