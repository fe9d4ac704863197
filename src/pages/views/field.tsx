import { h, type VNode } from 'preact';
import type { InputAttributes, UiNode } from '../../platform/ui/index.js';
import { valueText } from '../form.js';
import { labelOf, words } from '../words.js';
import { Sign } from './notice.js';

interface Props {
  node: UiNode;
  id: string;
  /** replaces the node's own label */
  label?: string;
  hint?: string | undefined;
  focused?: boolean;
}

/** Not `datetime-local`: browsers can't show a time with a zone, and would send an empty value. */
const TYPES = new Set(['email', 'tel', 'url', 'number', 'password', 'date']);

/** Values that browsers can show in an input of the type; they would drop any other value. */
const SHOWN: Readonly<Record<string, RegExp>> = { number: /^-?[\d.]+(e[+-]?\d+)?$/, date: /^\d{4}-\d\d-\d\d$/ };

/** `autocomplete` by the last part of a field's name, if the flow doesn't set it. */
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

/** A labelled input with its hint and its errors, which describe the input to screen readers. */
export function Field({ node, id, label = labelOf(node), hint, focused = false }: Props): VNode {
  const errors = node.messages.filter((message) => message.type === 'error');
  const described = [errors.length > 0 ? `${id}-error` : '', hint === undefined ? '' : `${id}-hint`].join(' ').trim();
  const common: Common = {
    id,
    name: node.attributes.name,
    required: isRequired(node),
    disabled: node.attributes.disabled,
    autofocus: focused,
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(errors.length > 0 ? { 'aria-invalid': 'true' } : {}),
  };
  return (
    <div class={errors.length > 0 ? 'field refused' : 'field'}>
      {node.attributes.options !== undefined ? (
        <Choice node={node} input={common} label={label} />
      ) : node.attributes.type === 'checkbox' ? (
        <Checkbox node={node} input={common} label={label} />
      ) : (
        <Text node={node} input={common} label={label} />
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

interface Kind {
  readonly node: UiNode;
  readonly input: Common;
  readonly label: string;
}

/**
 * The server checks what a schema requires of traits. Only one branch of the schema may require a field, and its
 * patterns need not match the whole text, as they do in browsers.
 */
const isOfSchema = (node: UiNode): boolean => node.group === 'profile';

const isRequired = (node: UiNode): boolean =>
  node.attributes.required === true && node.attributes.type !== 'checkbox' && !isOfSchema(node);

function Text({ node, input, label }: Kind): VNode {
  const { value } = node.attributes;
  const type = typeOf(node.attributes);
  // Extra characters around a pasted code are fine, and must not be cut off.
  const { pattern, maxlength } = node.attributes.autocomplete === 'one-time-code' ? {} : node.attributes;
  return (
    <>
      <label for={input.id}>{label}</label>
      {h('input', {
        ...input,
        ...typing(node.attributes),
        type,
        value: type === 'password' ? undefined : valueText(value),
        pattern: isOfSchema(node) ? undefined : pattern,
        maxLength: maxlength,
      })}
    </>
  );
}

function typeOf({ type, value }: InputAttributes): string {
  const text = valueText(value);
  return TYPES.has(type) && (text === '' || SHOWN[type]?.test(text) !== false) ? type : 'text';
}

/** A value that is not among the options becomes an additional option, so that saving the form does not change it. */
function Choice({ node, input, label }: Kind): VNode {
  const { value, options = [] } = node.attributes;
  const chosen = valueText(value);
  const texts = [...new Set(['', ...options.map((option) => valueText(option.value)), chosen])];
  return (
    <>
      <label for={input.id}>{label}</label>
      <select {...input}>
        {texts.map((text) => (
          <option value={text} selected={text === chosen}>
            {text}
          </option>
        ))}
      </select>
    </>
  );
}

/**
 * An unticked box sends nothing, so a hidden “no” comes first; an empty value instead, if nothing was stored and none
 * is required.
 */
function Checkbox({ node, input, label }: Kind): VNode {
  const { name, value, required } = node.attributes;
  return (
    <>
      <input type="hidden" name={name} value={typeof value === 'boolean' || required === true ? 'false' : ''} />
      <label class="check" for={input.id}>
        <input {...input} type="checkbox" value="true" checked={value === true || value === 'true'} />
        <span>{label}</span>
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

/** Input hints for browsers: no spell-checking or capitalisation in names and addresses. */
function typing({ name, type, autocomplete }: InputAttributes): Typing {
  const offered = autocomplete ?? AUTOCOMPLETE[name.split('.').at(-1) ?? name];
  return {
    ...(offered === undefined ? {} : { autocomplete: offered }),
    ...(offered === 'username' || type === 'email' ? { autocapitalize: 'none', spellcheck: false } : {}),
    ...(offered === 'one-time-code' ? { inputMode: 'numeric' } : {}),
    ...(type === 'number' ? { step: 'any' } : {}),
  };
}
