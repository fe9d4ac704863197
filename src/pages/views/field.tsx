import { h, type VNode } from 'preact';
import type { InputAttributes, UiNode } from '../../platform/ui/index.js';
import { valueText } from '../form.js';
import { labelOf, words } from '../words.js';
import { Sign } from './notice.js';

interface Props {
  node: UiNode;
  id: string;
  /** in place of the node's own */
  label?: string;
  hint?: string | undefined;
  focused?: boolean;
}

/** Not `datetime-local`: browsers show nothing of a time that has a zone, and would send nothing of it. */
const TYPES = new Set(['email', 'tel', 'url', 'number', 'password', 'date']);

/** What browsers can show in an input of the type; of anything else they would make nothing. */
const SHOWN: Readonly<Record<string, RegExp>> = { number: /^-?[\d.]+(e[+-]?\d+)?$/, date: /^\d{4}-\d\d-\d\d$/ };

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
 * What a schema requires of traits, its answer says: a branch of it may require what another one does without, and its
 * patterns need not match the whole text as a browser's do.
 */
const isOfSchema = (node: UiNode): boolean => node.group === 'profile';

const isRequired = (node: UiNode): boolean =>
  node.attributes.required === true && node.attributes.type !== 'checkbox' && !isOfSchema(node);

function Text({ node, input, label }: Kind): VNode {
  const { value } = node.attributes;
  const type = typeOf(node.attributes);
  // What people paste around a code is no mistake, and must not be cut off.
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

/** A value that is none of the options is one more, so that saving the form does not replace it. */
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
 * An unticked box sends nothing, so the answer “no” goes first; “nothing” where nothing was answered before and nothing
 * has to be.
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
