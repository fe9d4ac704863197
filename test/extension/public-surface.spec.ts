import { expect, expectTypeOf, test } from 'vitest';
import * as regain from '../../src/index.js';
import type { Circumstances, ExtensionOptions, Intents, Veto, VetoListener } from '../../src/index.js';
import * as testing from '../../src/testing/index.js';
import type { TestApp } from '../../src/testing/index.js';

/* What extensions build on. A change here is a change for them: it needs a version, and a line in docs/extending.md. */

test('regain exports exactly this', () => {
  expect(Object.keys(regain).sort()).toEqual([
    'AdminController',
    'Answer',
    'BadRequest',
    'BeforeCredentialChange',
    'BeforeIssue',
    'BeforeRedeem',
    'BeforeSignIn',
    'Clock',
    'Conflict',
    'CurrentRequest',
    'DomainError',
    'Forbidden',
    'GuestDatabase',
    'IdParam',
    'InjectDatabase',
    'JsonBody',
    'NotFound',
    'PublicController',
    'Random',
    'Scope',
    'Unavailable',
    'defineEntity',
    'defineExtension',
    'p',
  ]);
  expect(Object.keys(testing)).toEqual(['startTestApp']);
});

test('declarations have exactly these keys', () => {
  expectTypeOf<keyof ExtensionOptions>().toEqualTypeOf<
    'name' | 'modules' | 'scopes' | 'config' | 'entities' | 'migrations' | 'prefixes'
  >();
  expectTypeOf<keyof TestApp>().toEqualTypeOf<
    | 'mailTo'
    | 'adminUrl'
    | 'publicUrl'
    | 'databaseUrl'
    | 'log'
    | 'token'
    | 'admin'
    | 'public'
    | 'person'
    | 'get'
    | 'stop'
  >();
});

test('vetoes are typed: what is asked, what is answered', () => {
  expectTypeOf<keyof Intents>().toEqualTypeOf<
    'beforeIssue' | 'beforeRedeem' | 'beforeCredentialChange' | 'beforeSignIn'
  >();
  expectTypeOf<Veto>().toEqualTypeOf<{ readonly id: string; readonly reason: string }>();
  expectTypeOf<keyof Circumstances>().toEqualTypeOf<'actor' | 'identity'>();
  expectTypeOf<keyof Intents['beforeIssue']>().toEqualTypeOf<'action' | 'identityId' | 'kind' | 'deliver'>();
  expectTypeOf<keyof Intents['beforeRedeem']>().toEqualTypeOf<'action' | 'identityId' | 'kind' | 'grantId'>();
  expectTypeOf<Intents['beforeSignIn']['method']>().toEqualTypeOf<'password' | 'oidc'>();
  expectTypeOf<ReturnType<VetoListener<'beforeIssue'>>>().toEqualTypeOf<Promise<Veto | undefined> | Veto | undefined>();
});
