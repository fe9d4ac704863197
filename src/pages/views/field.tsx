import { h, type VNode } from 'preact';
import type { InputAttributes, UiNode } from '../../platform/ui/index.js';
import { valueText } from '../form.js';
import { labelOf, words } from '../words.js';
import { Sign } from './notice.js';

interface Props {
  node: UiNode;
  id: string;
  hint?: string | undefined;
  focused?: boolean;
}

const TYPES = new Set(['email', 'tel', 'url', 'number', 'password', 'date', 'datetime-local']);

/** What browsers should offer, by the last part of a field's name, where the flow does not say. */
const AUTOCOMPLETE: Record<string, string> = {
  identifier: 'username',
  email: 'email',
  username: 'username',
  first: 'given-name',
  last: 'family-name',
  name: 'name',
  phone: 'tel',
  code: 'one-time-code',
};

/** A labelled input with its hint and its errors, which the input names as its description. */
export function Field({ node, id, hint, focused = false }: Props): VNode {
  const errors = node.messages.filter((message) => message.type === 'error');
  const described = [errors.length > 0 ? `${id}-error` : '', hint === undefined ? '' : `${id}-hint`].join(' ').trim();
  const common: Common = {
    id,
    name: node.attributes.name,
    required: node.attributes.required === true && node.attributes.type !== 'checkbox',
    disabled: node.attributes.disabled,
    autofocus: focused,
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(errors.length > 0 ? { 'aria-invalid': 'true' } : {}),
  };
  return (
    <div class={errors.length > 0 ? 'field refused' : 'field'}>
      {node.attributes.type === 'checkbox' ? (
        <Checkbox node={node} input={common} />
      ) : (
        <Text node={node} input={common} />
      )}
      {errors.length > 0 && (
        <p class="wrong" id={`${id}-error`}>
          <Sign kind="error" />
          <span>{errors.map(words).join(' ')}</span>
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface Common {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  readonly disabled: boolean;
  readonly autofocus: boolean;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: 'true';
}

function Text({ node, input }: { node: UiNode; input: Common }): VNode {
  const { type, value } = node.attributes;
  // What people paste around a code is no mistake, and must not be cut off.
  const { pattern, maxlength } = node.attributes.autocomplete === 'one-time-code' ? {} : node.attributes;
  return (
    <>
      <label for={input.id}>{labelOf(node)}</label>
      {h('input', {
        ...input,
        ...typing(node.attributes),
        type: TYPES.has(type) ? type : 'text',
        value: type === 'password' ? undefined : valueText(value),
        pattern,
        maxLength: maxlength,
      })}
    </>
  );
}

/** An unticked box sends nothing, so the answer “no” goes first; of a repeated name the last one counts. */
function Checkbox({ node, input }: { node: UiNode; input: Common }): VNode {
  const { name, value } = node.attributes;
  return (
    <>
      <input type="hidden" name={name} value="false" />
      <label class="check" for={input.id}>
        <input {...input} type="checkbox" value="true" checked={value === true || value === 'true'} />
        <span>{labelOf(node)}</span>
      </label>
    </>
  );
}

interface Typing {
  readonly autocomplete?: string;
  readonly autocapitalize?: 'none';
  readonly spellcheck?: false;
  readonly inputMode?: 'numeric';
  readonly step?: 'any';
}

/** How the browser helps with typing: names and addresses are neither spell-checked nor capitalised. */
function typing({ name, type, autocomplete }: InputAttributes): Typing {
  const offered = autocomplete ?? AUTOCOMPLETE[name.split('.').at(-1) ?? name];
  return {
    ...(offered === undefined ? {} : { autocomplete: offered }),
    ...(offered === 'username' || type === 'email' ? { autocapitalize: 'none', spellcheck: false } : {}),
    ...(offered === 'one-time-code' ? { inputMode: 'numeric' } : {}),
    ...(type === 'number' ? { step: 'any' } : {}),
  };
}
