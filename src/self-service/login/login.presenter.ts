import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { Credentials } from '../../identity/privileged.js';
import { type Caller, CSRF, type Csrf } from '../../platform/http/index.js';
import {
  csrfNode,
  inputNode,
  label,
  MessageId,
  renderMessages,
  submitNode,
  type UiNode,
} from '../../platform/ui/index.js';
import { SocialNodes } from '../social/social.nodes.js';
import type { LoginFlowBody } from './login.dto.js';
import type { LoginFlow } from './persistence/login-flows.js';

/** Converts a row to the login flow of the API. */
@Injectable()
export class LoginPresenter {
  constructor(
    private readonly credentials: Credentials,
    private readonly social: SocialNodes,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async present(flow: LoginFlow, caller: Caller): Promise<LoginFlowBody> {
    const messages = renderMessages(flow.messages);
    return {
      id: flow.id,
      organization_id: null,
      type: flow.type,
      expires_at: flow.expiresAt.toISOString(),
      issued_at: flow.issuedAt.toISOString(),
      request_url: flow.requestUrl,
      ...(flow.returnTo === null ? {} : { return_to: flow.returnTo }),
      ...(flow.activeMethod === null ? {} : { active: flow.activeMethod }),
      ui: {
        action: this.urls.public('/self-service/login', { flow: flow.id }),
        method: 'POST',
        nodes: [
          ...(await this.#providerNodes(flow)),
          csrfNode(this.csrf.tokenFor(flow, caller)),
          ...(await this.#passwordNodes(flow)),
        ],
        ...(messages.length === 0 ? {} : { messages }),
      },
      created_at: flow.issuedAt.toISOString(),
      updated_at: flow.updatedAt.toISOString(),
      refresh: flow.refresh,
      requested_aal: flow.requestedAal,
      state: flow.state,
    };
  }

  /** Provider sign-in needs a browser. A confirmation only offers providers that the person has connected. */
  async #providerNodes(flow: LoginFlow): Promise<UiNode[]> {
    if (flow.type !== 'browser') return [];
    return this.social.signInNodes(flow.refresh ? flow.identityId : null);
  }

  async #passwordNodes(flow: LoginFlow): Promise<UiNode[]> {
    if (!this.selfservice.methods.password.enabled) return [];
    if (!flow.refresh || flow.identityId === null) return [identifierNode(flow), passwordNode(flow), submit()];
    return this.#confirmingNodes(flow, flow.identityId);
  }

  /** A person without a password gets no password field when confirming. */
  async #confirmingNodes(flow: LoginFlow, identityId: string): Promise<UiNode[]> {
    const [identifier] = await this.credentials.identifiersOf(identityId);
    if (identifier === undefined || !(await this.credentials.hasPassword(identityId))) return [];
    const hidden = inputNode({ group: 'default', name: 'identifier', type: 'hidden', value: identifier });
    return [hidden, passwordNode(flow), submit(MessageId.LabelSignIn)];
  }
}

function identifierNode(flow: LoginFlow): UiNode {
  return inputNode({
    group: 'default',
    name: 'identifier',
    type: 'text',
    value: flow.submitted.identifier ?? '',
    required: true,
    label: label(MessageId.LabelIdentifier),
    messages: renderMessages(flow.nodeMessages['identifier'] ?? []),
  });
}

function passwordNode(flow: LoginFlow): UiNode {
  return inputNode({
    group: 'password',
    name: 'password',
    type: 'password',
    required: true,
    autocomplete: 'current-password',
    label: label(MessageId.LabelPassword),
    messages: renderMessages(flow.nodeMessages['password'] ?? []),
  });
}

const submit = (labelId: number = MessageId.LabelSignInWithPassword): UiNode =>
  submitNode('password', 'password', labelId);
