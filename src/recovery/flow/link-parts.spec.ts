import { expect, test } from 'vitest';
import { linkParts } from './link-parts.js';

const FLOW = '07c1ab0e-9d0c-4a43-8b53-9a4f1a1d3d4b';

test('a link has a flow and a token', () => {
  expect(linkParts(FLOW, 'abc')).toEqual({ flow: FLOW, token: 'abc' });
  expect(linkParts(FLOW, 'a'.repeat(256))?.token).toHaveLength(256);
});

test.each([
  ['no flow', undefined, 'abc'],
  ['a flow that is not an id', 'zzz', 'abc'],
  ['a flow that is not text', { id: FLOW }, 'abc'],
  ['no token', FLOW, undefined],
  ['a token that is not text', FLOW, ['abc']],
  ['a token of any length', FLOW, 'a'.repeat(257)],
])('with %s it is not a link', (_name, flow, token) => {
  expect(linkParts(flow, token)).toBe(undefined);
});
