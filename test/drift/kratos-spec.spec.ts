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

const ORGANIZATIONS = 'There are no organizations.';
const OAUTH2 = 'No OAuth 2.0 server asks here for a login.';
const SECOND_FACTORS = 'There are no second factors, passkeys or SAML connections to sign in or to settle with.';
const SIGN_IN_CODE = 'Nobody signs in with a code.';
const INPUTS_ONLY = 'Forms have inputs only: no scripts, pictures or texts.';
const BY_DEFAULT = 'Not an answer of its own: `default` describes it.';

/** What Kratos' document has and ours need not have. `*` is any text. */
const EXCEPTIONS: Record<string, string> = {
  'CreateIdentityBody.organization_id': ORGANIZATIONS,
  'GET /self-service/login/* query organization': ORGANIZATIONS,
  'SessionAuthenticationMethod.organization': ORGANIZATIONS,
  'GET /admin/identities/{id}/sessions 404': 'Whoever has no sessions, known or not, has an empty list.',
  'GET /self-service/errors 403': BY_DEFAULT,
  'GET /self-service/errors 500': BY_DEFAULT,
  'GET /self-service/logout/browser 500': BY_DEFAULT,
  'GET /self-service/settings/browser 403': BY_DEFAULT,
  'PATCH /admin/identities 409': 'Each identity of a batch has its own answer; that of the batch is 200.',
  'GET /self-service/login/* query identity_schema': 'A login makes no identity.',
  'LoginFlow.identity_schema': 'A login makes no identity.',
  'UpdateLoginFlowWithOidcMethod.traits': 'A login makes no identity.',
  'GET /self-service/login/* query via': SIGN_IN_CODE,
  'UpdateLoginFlowWithCodeMethod.*': SIGN_IN_CODE,
  'GET /self-service/login/api query return_session_token_exchange_code':
    'Session tokens are not handed out by exchange.',
  'LoginFlow.session_token_exchange_code': 'Session tokens are not handed out by exchange.',
  'GET /self-service/login/browser query login_challenge': OAUTH2,
  'LoginFlow.oauth2_*': OAUTH2,
  'Session.tokenized': 'Sessions are not turned into JSON Web Tokens.',
  'ErrorGeneric.error': "Kratos' document wraps the error of a 422 twice; its answers do not.",
  'GenericError.debug': 'Errors say nothing of the inside.',
  'GenericError.request': 'The id of the request is in the header X-Request-Id.',
  'IdentityPatch.create optional': 'An entry that makes nothing is refused.',
  'IdentityWithCredentials.saml': SECOND_FACTORS,
  'IdentityWithCredentialsPasswordConfig.use_password_migration_hook': 'There are no hooks of that kind.',
  'LoginFlow.transient_payload': 'There are no hooks that it would go to.',
  'RecoveryFlow.transient_payload': 'There are no hooks that it would go to.',
  'SettingsFlow.transient_payload': 'There are no hooks that it would go to.',
  'Message.template_type login_code_valid': SIGN_IN_CODE,
  'Message.template_type registration_*': 'Nobody registers here.',
  'Message.template_type verification_*': 'There are no flows of verification.',
  'Message.type phone': 'Messages go out by mail.',
  'RecoveryCodeForIdentity.recovery_code required': 'A code that is mailed need not be shown.',
  'RecoveryCodeForIdentity.recovery_link required': 'Whoever may not see the code gets no page to guess it on.',
  'RecoveryLinkForIdentity.recovery_link required': 'A link that is mailed need not be shown.',
  'ContinueWithRecoveryUi.*': 'What follows settings and a login is one address.',
  'ContinueWithSetOrySessionToken.*': 'What follows settings and a login is one address.',
  'ContinueWithSettingsUi.*': 'What follows settings and a login is one address.',
  'ContinueWithVerificationUi.*': 'There are no flows of verification.',
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
  'UpdateLoginFlowWithOidcMethod.id_token*': 'Tokens of a provider are not taken from clients.',
  'UpdateLoginFlowWithPasswordMethod.password_identifier': 'Deprecated by Kratos in favour of `identifier`.',
  'UpdateRecoveryFlowWithCodeMethod.recovery_*': 'Nobody chooses among several addresses.',
  'UpdateRecoveryFlowWithCodeMethod.screen': 'Nobody chooses among several addresses.',
  'UpdateSettingsFlowWithLookupMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithPasskeyMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithTotpMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithWebAuthnMethod.*': SECOND_FACTORS,
  'UpdateSettingsFlowWithSamlMethod.flow': SECOND_FACTORS,
  'UpdateSettingsFlowWithOidcMethod.flow': 'The flow is in the query; in the body it is ignored.',
};

const covers = (pattern: string, gap: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(gap);

describe("openapi.json has what Kratos' document has", () => {
  test('whatever is missing is explained', () => {
    const gaps = missingFrom(document, facts);
    expect(gaps.filter((gap) => !Object.keys(EXCEPTIONS).some((pattern) => covers(pattern, gap)))).toEqual([]);
  });

  test('every explanation is needed', () => {
    const gaps = missingFrom(document, facts);
    expect(Object.keys(EXCEPTIONS).filter((pattern) => !gaps.some((gap) => covers(pattern, gap)))).toEqual([]);
  });

  test('every route of theirs that is here is compared', () => {
    expect(Object.keys(facts.operations).length).toBeGreaterThan(40);
    expect(facts.operations['POST /admin/recovery/link']?.body).toBe('CreateRecoveryLinkForIdentityBody');
  });

  test('the facts are those of the client that is installed: else run test/drift/make-kratos-spec.mjs', () => {
    expect(kratosFacts(document)).toEqual(facts);
  });
});

describe('what goes missing is named', () => {
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
