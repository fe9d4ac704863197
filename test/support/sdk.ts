import * as sdk from '@ory/client-fetch';
import { expect } from 'vitest';
import { startTestApp, type TestApp } from './app.js';
import { mailed } from './mail.js';

export const NOBODY = 'b0000000-0000-4000-8000-00000000000b';
export const CHOSEN = 'a long and unusual passphrase';

let made = 0;
export const newAddress = (): string => `sdk${++made}@example.com`;

/** The server as Kratos' clients expect it: parity mode, codes by mail, mail in the outbox. */
export const startSdkApp = (): Promise<TestApp> => startTestApp({ parity: true, config: mailed('code') });

/** The code in a message. */
export const codeIn = (message: { body: string } | undefined): string =>
  /\b\d{6}\b/.exec(message?.body ?? '')?.[0] ?? '';

/** The id of the flow that a link leads to. */
export const flowIn = (link: string): string => new URL(link).searchParams.get('flow') ?? '';

/** What a recovery flow hands to a native client: a session token, and the settings flow to continue with. */
export function handedOver(flow: { state?: unknown; continue_with?: unknown[] }): { token: string; settings: string } {
  expect(flow.state).toBe('passed_challenge');
  expect(flow.continue_with).toEqual([
    { action: 'set_ory_session_token', ory_session_token: expect.stringMatching(/^\S{20,}$/) },
    { action: 'show_settings_ui', flow: expect.objectContaining({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) }) },
  ]);
  const [token, settings] = flow.continue_with as [{ ory_session_token: string }, { flow: { id: string } }];
  return { token: token.ory_session_token, settings: settings.flow.id };
}

/** A refusal as caught by the caller of an axios client. */
export async function axiosRefusal(call: Promise<unknown>): Promise<{ status: number; data: unknown }> {
  const error = await call.then(
    () => expect.fail('was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ isAxiosError: true, response: { status: expect.any(Number) } });
  const { status, data } = (error as { response: { status: number; data: unknown } }).response;
  return { status, data };
}

/** A refusal as caught by the caller of a fetch client. */
export async function fetchRefusal(call: Promise<unknown>): Promise<{ status: number; data: unknown }> {
  const error = await call.then(
    () => expect.fail('was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(sdk.ResponseError);
  const { response } = error as sdk.ResponseError;
  return { status: response.status, data: await response.json() };
}

/** Lists what the client does not know or misses in a value; empty if nothing. */
type Check = (value: unknown, at: string) => string[];

const shape =
  (name: string, isOne: (value: object) => boolean, fields: Record<string, Check> = {}): Check =>
  (value, at) => {
    if (typeof value !== 'object' || value === null || !isOne(value)) return [`${at} is no ${name}`];
    return Object.entries(value).flatMap(([field, held]) =>
      held === null ? [] : (fields[field]?.(held, `${at}.${field}`) ?? []),
    );
  };
const list =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value) ? value.flatMap((each, index) => check(each, `${at}.${index}`)) : [`${at} is no list`];
const oneOf =
  (known: Record<string, string>): Check =>
  (value, at) =>
    Object.values(known).includes(String(value)) ? [] : [`${at} is ${JSON.stringify(value)}`];
const date: Check = (value, at) => (Number.isNaN(Date.parse(String(value))) ? [`${at} is no time`] : []);
const times = { created_at: date, updated_at: date, expires_at: date, issued_at: date };

const identity = shape('Identity', sdk.instanceOfIdentity, {
  ...times,
  state: oneOf(sdk.IdentityStateEnum),
  state_changed_at: date,
  verifiable_addresses: list(shape('VerifiableIdentityAddress', sdk.instanceOfVerifiableIdentityAddress, times)),
  recovery_addresses: list(shape('RecoveryIdentityAddress', sdk.instanceOfRecoveryIdentityAddress, times)),
  credentials: (value, at) =>
    Object.values(value as object).flatMap((each) =>
      shape('IdentityCredentials', sdk.instanceOfIdentityCredentials, {
        ...times,
        type: oneOf(sdk.IdentityCredentialsTypeEnum),
      })(each, at),
    ),
});
const session = shape('Session', sdk.instanceOfSession, {
  ...times,
  identity,
  authenticated_at: date,
  authenticator_assurance_level: oneOf(sdk.AuthenticatorAssuranceLevel),
  authentication_methods: list(
    shape('SessionAuthenticationMethod', sdk.instanceOfSessionAuthenticationMethod, {
      method: oneOf(sdk.SessionAuthenticationMethodMethodEnum),
      aal: oneOf(sdk.AuthenticatorAssuranceLevel),
      completed_at: date,
    }),
  ),
  devices: list(shape('SessionDevice', sdk.instanceOfSessionDevice)),
});
const text = shape('UiText', sdk.instanceOfUiText, { type: oneOf(sdk.UiTextTypeEnum) });
const ui = shape('UiContainer', sdk.instanceOfUiContainer, {
  messages: list(text),
  nodes: list(
    shape('UiNode', sdk.instanceOfUiNode, {
      group: oneOf(sdk.UiNodeGroupEnum),
      type: oneOf(sdk.UiNodeTypeEnum),
      messages: list(text),
      attributes: shape('UiNodeInputAttributes', sdk.instanceOfUiNodeInputAttributes, {
        node_type: oneOf(sdk.UiNodeInputAttributesNodeTypeEnum),
        type: oneOf(sdk.UiNodeInputAttributesTypeEnum),
        autocomplete: oneOf(sdk.UiNodeInputAttributesAutocompleteEnum),
        label: text,
      }),
    }),
  ),
});
const step = shape(
  'ContinueWith',
  (value) =>
    'action' in value && value.action === 'set_ory_session_token'
      ? sdk.instanceOfContinueWithSetOrySessionToken(value)
      : sdk.instanceOfContinueWithSettingsUi(value),
  { flow: shape('ContinueWithSettingsUiFlow', sdk.instanceOfContinueWithSettingsUiFlow) },
);
const inFlow = { ...times, ui, type: oneOf({ native: 'api', browser: 'browser' }), continue_with: list(step) };
const recovery = shape('RecoveryFlow', sdk.instanceOfRecoveryFlow, { ...inFlow, state: oneOf(sdk.RecoveryFlowState) });
const settings = shape('SettingsFlow', sdk.instanceOfSettingsFlow, {
  ...inFlow,
  identity,
  state: oneOf(sdk.SettingsFlowState),
});
const login = shape('LoginFlow', sdk.instanceOfLoginFlow, {
  ...inFlow,
  state: oneOf(sdk.LoginFlowState),
  requested_aal: oneOf(sdk.AuthenticatorAssuranceLevel),
});
const message = shape('Message', sdk.instanceOfMessage, {
  ...times,
  status: oneOf(sdk.CourierMessageStatus),
  type: oneOf(sdk.CourierMessageType),
  template_type: oneOf(sdk.MessageTemplateTypeEnum),
});
const error = shape('ErrorGeneric', sdk.instanceOfErrorGeneric, {
  error: shape('GenericErrorContent', (value) => ['code', 'status', 'message'].every((field) => field in value)),
});

const ANSWERS: [RegExp, Check][] = [
  [/^(GET|POST) \/admin\/identities$/, (value, at) => (Array.isArray(value) ? list(identity) : identity)(value, at)],
  [/^(GET|PUT|PATCH) \/admin\/identities\/[^/]+$/, identity],
  [/^GET \/admin\/identities\/[^/]+\/sessions$/, list(session)],
  [/^POST \/admin\/recovery\/link$/, shape('RecoveryLink', sdk.instanceOfRecoveryLinkForIdentity, times)],
  [/^POST \/admin\/recovery\/code$/, shape('RecoveryCode', sdk.instanceOfRecoveryCodeForIdentity, times)],
  [/^GET \/admin\/courier\/messages$/, list(message)],
  [/^GET (\/admin)?\/sessions$/, list(session)],
  [/^GET \/sessions\/whoami$/, session],
  [/^(GET|PATCH) \/admin\/sessions\/[^/]+(\/extend)?$/, session],
  [/^DELETE \/sessions$/, shape('DeleteMySessionsCount', (value) => 'count' in value)],
  [/^GET \/schemas$/, list(shape('IdentitySchemaContainer', sdk.instanceOfIdentitySchemaContainer))],
  [/^GET \/schemas\/[^/]+$/, shape('IdentitySchema', (value) => 'properties' in value)],
  [/\/self-service\/recovery/, recovery],
  [/\/self-service\/settings/, settings],
  [/^GET \/self-service\/login/, login],
  [
    /^POST \/self-service\/login$/,
    shape('SuccessfulNativeLogin', sdk.instanceOfSuccessfulNativeLogin, { session, continue_with: list(step) }),
  ],
];

/** The flow itself is the answer to an invalid form. */
const REFUSED_FORMS: [RegExp, Check][] = [
  [/^POST \/self-service\/recovery/, recovery],
  [/^POST \/self-service\/settings/, settings],
  [/^POST \/self-service\/login/, login],
];

/** Checks every answer before the client parses it; `faults` lists what the client cannot handle. */
export class AnswerWatch implements sdk.Middleware {
  readonly faults: string[] = [];
  readonly seen: string[] = [];

  post = async ({ url, init, response }: sdk.ResponseContext): Promise<void> => {
    const at = `${init.method} ${new URL(url).pathname}`;
    this.seen.push(at);
    if (response.status === 204) return;
    const body: unknown = await response.json();
    this.faults.push(...faultsOf(at, response.status, body));
  };
}

/** @param at method and path */
export function faultsOf(at: string, status: number, body: unknown): string[] {
  const isError = typeof body === 'object' && body !== null && 'error' in body;
  if (status >= 400 && isError) return error(body, at);
  const check = (status >= 400 ? REFUSED_FORMS : ANSWERS).find(([route]) => route.test(at))?.[1];
  return check ? check(body, at) : [`${at} is answered by ${status} with something unknown`];
}
