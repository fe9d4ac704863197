import type { UiContainer, UiNode } from '../platform/ui/index.js';

/** One HTML form: a group of nodes, plus the hidden ones that every form of the flow must send. */
export interface FormModel {
  readonly group: string;
  readonly hidden: readonly UiNode[];
  readonly fields: readonly UiNode[];
  readonly buttons: readonly UiNode[];
  /** messages about values that have no field in the form */
  readonly strays: readonly UiNode[];
}

const isHidden = (node: UiNode): boolean => node.attributes.type === 'hidden';
const isButton = (node: UiNode): boolean => node.attributes.type === 'submit' || node.attributes.type === 'button';
const isField = (node: UiNode): boolean => !isHidden(node) && !isButton(node);
const isStray = (node: UiNode): boolean => node.group === 'default' && /^traits(\.|$)/.test(node.attributes.name);

/**
 * The forms of a flow, one per group, in the order of the API. Hidden nodes of `default` (the CSRF token) go into each
 * form. Its visible fields (the identifier) only go into forms with other fields, because a form that is just a button
 * needs no identifier.
 */
export function formsOf(ui: UiContainer): FormModel[] {
  const shared = ui.nodes.filter((node) => node.group === 'default' && !isStray(node));
  const groups = [...new Set(ui.nodes.map((node) => node.group))].filter((group) => group !== 'default');
  const forms = (groups.length > 0 ? groups : ['default']).map((group) => {
    const own = group === 'default' ? [] : ui.nodes.filter((node) => node.group === group);
    const fields = own.filter(isField);
    const withShared = group === 'default' || fields.length > 0;
    return {
      group,
      hidden: [...shared, ...own].filter(isHidden),
      fields: [...(withShared ? shared.filter(isField) : []), ...fields],
      buttons: [...shared, ...own].filter(isButton),
      strays: group === 'profile' ? ui.nodes.filter(isStray) : [],
    };
  });
  return forms.filter((form) => form.buttons.length > 0);
}

export function formOf(ui: UiContainer, group: string): FormModel | undefined {
  return formsOf(ui).find((form) => form.group === group);
}

/** Whether any field or message in the form is an error. */
export function hasErrors(form: FormModel): boolean {
  return [...form.strays, ...form.fields].some((node) => node.messages.some((message) => message.type === 'error'));
}

/** The value of a text or hidden node, to show which account is meant. */
export function valueOf(ui: UiContainer, name: string): string | undefined {
  const value = ui.nodes.find((node) => node.attributes.name === name)?.attributes.value;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A node's value as an HTML attribute. */
export const valueText = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
