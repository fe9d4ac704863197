import { describe, expect, test } from 'vitest';
import { csrfNode, inputNode, submitNode, type UiNode } from '../platform/ui/index.js';
import { formOf, formsOf, hasErrors, valueOf } from './form.js';

const ui = (...nodes: UiNode[]) => ({ action: 'https://x.example/', method: 'POST' as const, nodes });
const names = (nodes: readonly UiNode[]): string[] => nodes.map((node) => node.attributes.name);

const csrf = csrfNode('token');
const identifier = inputNode({ group: 'default', name: 'identifier', type: 'text' });
const password = inputNode({ group: 'password', name: 'password', type: 'password' });

describe('the forms of a flow', () => {
  test('each group is a form, and each sends the CSRF token', () => {
    const trait = inputNode({ group: 'profile', name: 'traits.email', type: 'email' });
    const forms = formsOf(
      ui(csrf, trait, submitNode('profile', 'profile'), password, submitNode('password', 'password')),
    );
    expect(forms.map(({ group }) => group)).toEqual(['profile', 'password']);
    expect(forms.map(({ hidden }) => names(hidden))).toEqual([['csrf_token'], ['csrf_token']]);
    expect(forms.map(({ fields }) => names(fields))).toEqual([['traits.email'], ['password']]);
  });

  test('the identifier is shown with the password, but not with a button alone', () => {
    const provider = inputNode({ group: 'oidc', name: 'provider', type: 'submit', value: 'acme' });
    const flow = ui(csrf, identifier, password, submitNode('password', 'password'), provider);
    expect(names(formOf(flow, 'password')?.fields ?? [])).toEqual(['identifier', 'password']);
    expect(names(formOf(flow, 'oidc')?.fields ?? [])).toEqual([]);
    expect(names(formOf(flow, 'oidc')?.hidden ?? [])).toEqual(['csrf_token']);
  });

  test('a group without a button is not a form', () => {
    expect(formsOf(ui(csrf))).toEqual([]);
    expect(formsOf(ui(csrf, password))).toEqual([]);
  });

  test('a flow of one group is one form', () => {
    expect(formsOf(ui(csrf, identifier, submitNode('default', 'x'))).map(({ fields }) => names(fields))).toEqual([
      ['identifier'],
    ]);
  });
});

test('a form has errors if one of its fields has', () => {
  const messages = [{ id: 4_000_002, text: 'missing', type: 'error' as const }];
  const refused = inputNode({ group: 'password', name: 'password', type: 'password', messages });
  const told = inputNode({
    group: 'password',
    name: 'password',
    type: 'password',
    messages: [{ id: 1, text: 'x', type: 'info' }],
  });
  const judge = (node: UiNode) => formsOf(ui(node, submitNode('password', 'password'))).map(hasErrors);
  expect([judge(refused), judge(told)]).toEqual([[true], [false]]);
});

test('a message without a field belongs to the profile, whose form then has errors', () => {
  const messages = [{ id: 4_000_001, text: 'additionalProperties "shoe" not allowed', type: 'error' as const }];
  const stray = (name: string): UiNode => inputNode({ group: 'default', name, type: 'text', messages });
  const trait = inputNode({ group: 'profile', name: 'traits.email', type: 'email' });
  const forms = formsOf(
    ui(
      csrf,
      ...[stray('traits'), stray('traits.mail.work')],
      ...[trait, submitNode('profile', 'profile'), password, submitNode('password', 'password')],
    ),
  );
  expect(forms.map(({ strays }) => names(strays))).toEqual([['traits', 'traits.mail.work'], []]);
  expect(forms.map(({ fields }) => names(fields))).toEqual([['traits.email'], ['password']]);
  expect(forms.map(hasErrors)).toEqual([true, false]);
});

test('a value is a non-empty text', () => {
  const flow = ui(
    inputNode({ group: 'default', name: 'a', type: 'hidden', value: 'x' }),
    inputNode({ group: 'default', name: 'b', type: 'hidden', value: '' }),
  );
  expect([valueOf(flow, 'a'), valueOf(flow, 'b'), valueOf(flow, 'c')]).toEqual(['x', undefined, undefined]);
});
