import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openApiText } from '../../src/cli/openapi.js';
import type { Document, Operation } from '../support/openapi.js';
import { type KratosFacts, missingFrom } from './kratos-spec.js';
import { kratosFacts } from './make-kratos-spec.mjs';

const facts = JSON.parse(readFileSync(resolve('test/drift/kratos-spec.json'), 'utf8')) as KratosFacts;
let document: Document;
beforeAll(async () => {
  document = JSON.parse(await openApiText()) as Document;
});

const ORGANIZATIONS = 'Regain has no organizations.';
const OAUTH2 = 'Regain is not an OAuth 2.0 login provider.';
const SECOND_FACTORS = 'Regain has no second factors, passkeys or SAML connections.';
const SIGN_IN_CODE = 'Regain has no sign-in with codes.';
const INPUTS_ONLY = 'Forms only have inputs, no scripts, images or texts.';
const BY_DEFAULT = 'Covered by `default`.';

/** What Kratos' document has and ours doesn't, with the reason. `*` matches any text. */
const EXCEPTIONS: Record<string, string> = {
  'CreateIdentityBody.organization_id': ORGANIZATIONS,
  'GET /self-service/login/* query organization': ORGANIZATIONS,
  'SessionAuthenticationMethod.organization': ORGANIZATIONS,
  'GET /admin/identities/{id}/sessions 404': 'Without sessions, the list is empty, whether the identity exists or not.',
  'GET /self-service/errors 403': BY_DEFAULT,
  'GET /self-service/errors 500': BY_DEFAULT,
  'GET /self-service/logout/browser 500': BY_DEFAULT,
  'GET /self-service/settings/browser 403': BY_DEFAULT,
  'PATCH /admin/identities 409': 'Each identity of a batch has its own answer; the batch answers 200.',
  'GET /self-service/login/* query identity_schema': 'A login creates no identity.',
  'LoginFlow.identity_schema': 'A login creates no identity.',
  'UpdateLoginFlowWithOidcMethod.traits': 'A login creates no identity.',
  'GET /self-service/login/* query via': SIGN_IN_CODE,
  'UpdateLoginFlowWithCodeMethod.*': SIGN_IN_CODE,
  'GET /self-service/login/api query return_session_token_exchange_code': 'Regain has no session token exchange.',
  'LoginFlow.session_token_exchange_code': 'Regain has no session token exchange.',
  'GET /self-service/login/browser query login_challenge': OAUTH2,
  'LoginFlow.oauth2_*': OAUTH2,
  'Session.tokenized': 'Regain does not issue JSON Web Tokens for sessions.',
  'ErrorGeneric.error': "Kratos' document wraps the error of a 422 twice; its answers do not.",
  'GenericError.debug': 'Errors reveal no internals.',
  'GenericError.request': 'The request id is in the header X-Request-Id.',
  'IdentityPatch.create optional': 'An entry that creates nothing is refused.',
  'IdentityWithCredentials.saml': SECOND_FACTORS,
  'IdentityWithCredentialsPasswordConfig.use_password_migration_hook': 'Regain has no such hooks.',
  'LoginFlow.transient_payload': 'Regain has no hooks that would receive it.',
  'RecoveryFlow.transient_payload': 'Regain has no hooks that would receive it.',
  'SettingsFlow.transient_payload': 'Regain has no hooks that would receive it.',
  'Message.template_type login_code_valid': SIGN_IN_CODE,
  'Message.template_type registration_*': 'Regain has no registration.',
  'Message.template_type verification_*': 'Regain has no verification flows.',
  'Message.type phone': 'Regain only sends mail.',
  'RecoveryCodeForIdentity.recovery_code required': 'A mailed code need not be returned.',
  'RecoveryCodeForIdentity.recovery_link required': 'A caller who may not see the code gets no page to guess it on.',
  'RecoveryLinkForIdentity.recovery_link required': 'A mailed link need not be returned.',
  'ContinueWithRecoveryUi.*': 'Settings and login continue with a single URL.',
  'ContinueWithSetOrySessionToken.*': 'Settings and login continue with a single URL.',
  'ContinueWithSettingsUi.*': 'Settings and login continue with a single URL.',
  'ContinueWithVerificationUi.*': 'Regain has no verification flows.',
  'UiNode.type *': INPUTS_ONLY,
  'UiNodeAnchorAttributes.*': INPUTS_ONLY,
  'UiNodeDivisionAttributes.*': INPUTS_ONLY,
  'UiNodeImageAttributes.*': INPUTS_ONLY,
  'UiNodeScriptAttributes.*': INPUTS_ONLY,
  'UiNodeTextAttributes.*': INPUTS_ONLY,
  'UiNodeInputAttributes.onclick*': INPUTS_ONLY,
  'UiNodeInputAttributes.onload*': INPUTS_ONLY,
  'UiNodeInputAttributes.label': 'Labels are in the meta of the node.',
  'UpdateLoginFlowWithLookupSecretMethod.*': SECOND_FACTORS,
  'UpdateLoginFlowWithPasskeyMethod.*': SECOND_FACTORS,
  'UpdateLoginFlowWithTotpMethod.*': SECOND_FACTORS,
  'UpdateLoginFlowWithWebAuthnMethod.*': SECOND_FACTORS,
  'UpdateLoginFlowWithOidcMethod.id_token*': 'Regain does not accept provider tokens from clients.',
  'UpdateLoginFlowWithPasswordMethod.password_identifier': 'Deprecated by Kratos in favour of `identifier`.',
  'UpdateRecoveryFlowWithCodeMethod.recovery_*': 'Nobody chooses among several addresses.',
  'UpdateRecoveryFlowWithCodeMethod.screen': 'Nobody chooses among several addresses.',
  'UpdateSettingsFlowWithLookupMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithPasskeyMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithTotpMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithWebAuthnMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithSamlMethod.flow': SECOND_FACTORS,
  'UpdateSettingsFlowWithOidcMethod.flow': 'The flow is in the query and ignored in the body.',
};

const covers = (pattern: string, gap: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(gap);

describe("openapi.json compared with Kratos' document", () => {
  test('every gap has an explanation', () => {
    const gaps = missingFrom(document, facts);
    expect(gaps.filter((gap) => !Object.keys(EXCEPTIONS).some((pattern) => covers(pattern, gap)))).toEqual([]);
  });

  test('every explanation matches a gap', () => {
    const gaps = missingFrom(document, facts);
    expect(Object.keys(EXCEPTIONS).filter((pattern) => !gaps.some((gap) => covers(pattern, gap)))).toEqual([]);
  });

  test('compares every route that both have', () => {
    expect(Object.keys(facts.operations).length).toBeGreaterThan(40);
    expect(facts.operations['POST /admin/recovery/link']?.body).toBe('CreateRecoveryLinkForIdentityBody');
  });

  test('the facts match the installed client; if not, run test/drift/make-kratos-spec.mjs', () => {
    expect(kratosFacts(document)).toEqual(facts);
  });
});

describe('reports a planted gap', () => {
  const LINK = ['/admin/recovery/link', 'post'] as const;
  const at = (copy: Document, [path, method]: readonly [string, string]): Operation => copy.paths[path]![method]!;

  test.each<[string, (copy: Document) => void]>([
    ['POST /admin/recovery/link', (copy) => delete copy.paths['/admin/recovery/link']!['post']],
    ['POST /admin/recovery/link query return_to', (copy) => (at(copy, LINK).parameters = [])],
    ['POST /admin/recovery/link 404', (copy) => delete at(copy, LINK).responses['404']],
    ['POST /admin/recovery/link body body', (copy) => delete at(copy, LINK).requestBody],
    [
      'POST /admin/recovery/link operationId createRecoveryLinkForIdentity',
      (copy) => (at(copy, LINK).operationId = 'x'),
    ],
    ['Identity.schema_url', (copy) => delete copy.components.schemas['identity']!.properties!['schema_url']],
    ['Identity.schema_url required', (copy) => (copy.components.schemas['identity']!['required'] = ['id'])],
    [
      'Identity.state inactive',
      (copy) => (copy.components.schemas['identity']!.properties!['state']!.enum = ['active']),
    ],
    ['Identity.id is string', (copy) => (copy.components.schemas['identity']!.properties!['id']!.type = 'integer')],
    [
      'CreateRecoveryLinkForIdentityBody.expires_in optional',
      (copy) =>
        (copy.components.schemas['createRecoveryLinkForIdentityBody']!['required'] = ['identity_id', 'expires_in']),
    ],
    [
      'UpdateSettingsFlowWithPasswordMethod.password',
      (copy) => delete copy.components.schemas['updateSettingsFlowBody']!.properties!['password'],
    ],
  ])('%s', (gap, plant) => {
    const copy = structuredClone(document);
    plant(copy);
    expect(missingFrom(copy, facts)).toContain(gap);
    expect(missingFrom(document, facts)).not.toContain(gap);
  });
});
