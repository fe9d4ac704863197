import type { VNode } from 'preact';
import type { UiNode } from '../../platform/ui/index.js';
import { type FormModel, valueText } from '../form.js';
import { labelOf, words } from '../words.js';
import { Field } from './field.js';
import { Sign } from './notice.js';

interface Props {
  action: string;
  form: FormModel;
  /** hints shown under fields, by field name */
  hints?: Readonly<Record<string, string>>;
  /** button texts that replace the labels, by the label's message id */
  labels?: Readonly<Record<number, string>> | undefined;
  /** the account's name, under which password managers store the password */
  account?: string | undefined;
  /** the page's main form; others look less prominent */
  main?: boolean;
  /** the field that gets the focus when the page opens, unless one has an error */
  focus?: string | undefined;
}

/** A group of a flow's nodes as an HTML form. */
export function FlowForm({ action, form, hints = {}, labels = {}, account, main = true, focus }: Props): VNode {
  const refused = form.fields.find((node) => node.messages.some((message) => message.type === 'error'));
  const focused = refused?.attributes.name ?? focus;
  return (
    <form action={action} method="post">
      {form.hidden.map(({ attributes }) => (
        <input type="hidden" name={attributes.name} value={valueText(attributes.value)} />
      ))}
      {account !== undefined && <input type="text" autocomplete="username" value={account} readOnly hidden />}
      {form.strays.map((node) => (
        <Stray node={node} />
      ))}
      {form.fields.map((node) => (
        <Field
          node={node}
          label={labelIn(form, node)}
          id={`${form.group}-${node.attributes.name}`.replaceAll(/[^\w-]/g, '-')}
          focused={node.attributes.name === focused}
          hint={hints[node.attributes.name]}
        />
      ))}
      <div class="buttons">
        {form.buttons.map((node, i) => (
          <Button node={node} label={labels[node.meta.label?.id ?? 0]} quiet={!main || i > 0} skipsChecks={i > 0} />
        ))}
      </div>
    </form>
  );
}

/** Names a list item by the list's label and its number, and a part by its parent's label and its own. */
function labelIn(form: FormModel, node: UiNode): string {
  if (node.meta.label !== undefined) return labelOf(node);
  const { name } = node.attributes;
  const around = form.fields.findLast(
    (other) => other.meta.label !== undefined && name.startsWith(`${other.attributes.name}.`),
  );
  const rest = name.slice((around?.attributes.name ?? 'traits').length + 1).split('.');
  const parts = rest.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part));
  return [around === undefined ? [] : labelOf(around), parts].flat().join(' ');
}

/** A message about a value that has no field here. */
function Stray({ node }: { node: UiNode }): VNode | null {
  if (node.messages.length === 0) return null;
  const name = node.attributes.name.replace(/^traits\.?/, '');
  return (
    <p class="wrong">
      <Sign kind="error" />
      <span>{[name === '' ? [] : `${name}:`, node.messages.map(words)].flat(2).join(' ')}</span>
    </p>
  );
}

/** @param skipsChecks for a second button (send the code again), which an empty field must not block */
function Button({
  node,
  label = labelOf(node),
  quiet,
  skipsChecks,
}: {
  node: UiNode;
  label?: string | undefined;
  quiet: boolean;
  skipsChecks: boolean;
}): VNode {
  const { name, value, disabled } = node.attributes;
  return (
    <button
      type="submit"
      name={name}
      value={valueText(value)}
      class={quiet ? 'quiet' : 'main'}
      disabled={disabled}
      formNoValidate={skipsChecks}
    >
      {label}
    </button>
  );
}
