import { Inject, Injectable } from '@nestjs/common';
import { SelfServiceConfig, Urls } from '../../config/index.js';
import { IdentityService, type IdentityView, presentIdentity, type ShownField } from '../../identity/index.js';
import { HandOvers, SuspendedWays } from '../../identity/privileged.js';
import type { StoredMessage } from '../../platform/flow/index.js';
import { type Caller, CSRF, type Csrf } from '../../platform/http/index.js';
import {
  csrfNode,
  inputNode,
  label,
  MessageId,
  renderMessages,
  submitNode,
  type UiNode,
  type UiText,
} from '../../platform/ui/index.js';
import { ReturnToService } from '../return-to.service.js';
import { SocialNodes } from '../social/social.nodes.js';
import type { SettingsFlowView } from './flow/settings-flow.view.js';
import type { SettingsFlowBody } from './settings.dto.js';

/** Converts a row and its identity to the settings flow of the API. */
@Injectable()
export class SettingsPresenter {
  constructor(
    private readonly identities: IdentityService,
    private readonly selfservice: SelfServiceConfig,
    private readonly urls: Urls,
    private readonly returnTo: ReturnToService,
    private readonly social: SocialNodes,
    private readonly handOvers: HandOvers,
    private readonly suspended: SuspendedWays,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async present(flow: SettingsFlowView, identity: IdentityView, caller: Caller): Promise<SettingsFlowBody> {
    const handOver = await this.handOvers.open(identity.id);
    const messages = sayAll(handOver?.tried ? [...flow.messages, { id: MessageId.OldCredentialTried }] : flow.messages);
    const returnTo = this.returnTo.allowed(flow.returnTo) === undefined ? null : flow.returnTo;
    return {
      id: flow.id,
      type: flow.type,
      expires_at: flow.expiresAt.toISOString(),
      issued_at: flow.issuedAt.toISOString(),
      request_url: withReturnTo(flow),
      ...(returnTo === null ? {} : { return_to: returnTo }),
      ...(flow.activeMethod ? { active: flow.activeMethod } : {}),
      ui: {
        action: this.urls.public('/self-service/settings', { flow: flow.id }),
        method: 'POST',
        nodes: withStrayMessages(flow, [
          csrfNode(this.csrf.tokenFor(flow, caller)),
          ...this.#profileNodes(flow, identity),
          ...this.#passwordNodes(flow, identity),
          ...(flow.type === 'browser' ? await this.social.settingsNodes(identity.id, handOver !== undefined) : []),
          ...(handOver ? [cancelNode(identity)] : await this.#suspendedNodes(identity)),
        ]),
        ...(messages.length === 0 ? {} : { messages }),
      },
      identity: presentIdentity(identity, this.urls, { admin: false }),
      state: flow.state,
      organization_id: null,
    };
  }

  /** “Still yours?” */
  async #suspendedNodes({ id }: IdentityView): Promise<UiNode[]> {
    return (await this.suspended.of(id)).flatMap(({ id: value, kind, name }) =>
      (
        [
          ['keep', MessageId.LabelKeep],
          ['remove', MessageId.LabelRemove],
        ] as const
      ).map(([does, text]) =>
        inputNode({ group: 'still_yours', name: does, type: 'submit', value, label: label(text, { name, kind }) }),
      ),
    );
  }

  /** Shows the input of a refused form as a whole; otherwise the identity's traits. */
  #profileNodes(flow: SettingsFlowView, identity: IdentityView): UiNode[] {
    if (!this.selfservice.methods.profile.enabled) return [];
    const fields = this.identities
      .formFields(identity.schemaId, flow.submitted.traits ?? identity.traits)
      .map((field) => traitNode(field, sayAll(flow.nodeMessages[field.name] ?? [])));
    return [...fields, submitNode('profile', 'profile')];
  }

  #passwordNodes(flow: SettingsFlowView, identity: IdentityView): UiNode[] {
    if (!this.selfservice.methods.password.enabled || !this.identities.takesPasswords(identity.schemaId)) return [];
    const password = inputNode({
      group: 'password',
      name: 'password',
      type: 'password',
      required: true,
      autocomplete: 'new-password',
      label: label(MessageId.LabelPassword),
      messages: sayAll(flow.nodeMessages['password'] ?? []),
    });
    return [password, submitNode('password', 'password')];
  }
}

/** Messages about values without a field get a node of their own, before the other groups' nodes. */
function withStrayMessages(flow: SettingsFlowView, [csrf, ...nodes]: [UiNode, ...UiNode[]]): UiNode[] {
  const shown = new Set(nodes.map(({ attributes }) => attributes.name));
  const strays = Object.entries(flow.nodeMessages).filter(([name]) => !shown.has(name));
  return [
    csrf,
    ...strays.map(([name, said]) => inputNode({ group: 'default', name, type: 'text', messages: sayAll(said) })),
    ...nodes,
  ];
}

/** Clients request a flow that a recovery started by its URL, so that URL carries the final `return_to`. */
function withReturnTo({ requestUrl, returnTo }: SettingsFlowView): string {
  const url = URL.parse(requestUrl);
  if (!url?.pathname.endsWith('/self-service/recovery') || returnTo === null) return requestUrl;
  url.searchParams.set('return_to', returnTo);
  url.searchParams.sort();
  return url.href;
}

function traitNode({ name, type, title, value, required, ...more }: ShownField, messages: UiText[]): UiNode {
  const { autocomplete, pattern, options } = more;
  return inputNode({
    group: 'profile',
    name,
    type,
    ...(value === undefined || value === null ? {} : { value }),
    ...(required ? { required } : {}),
    ...(autocomplete === undefined ? {} : { autocomplete }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(options === undefined ? {} : { options }),
    ...(title === undefined ? {} : { label: label(MessageId.LabelTrait, { name, title }) }),
    messages,
  });
}

const sayAll = (messages: readonly StoredMessage[]): UiText[] => renderMessages(messages.map(withTimes));

/**
 * The row stores the end of the privileged window once, as the database formats it; clients read it under three names.
 */
function withTimes(message: StoredMessage): StoredMessage {
  const until = message.context?.['privileged_session_expires_at'];
  if (message.id !== MessageId.RecoverySucceeded || typeof until !== 'string') return message;
  const at = new Date(until);
  return {
    ...message,
    context: {
      ...message.context,
      privilegedSessionExpiresAt: at.toISOString(),
      privileged_session_expires_at: at.toISOString(),
      privileged_session_expires_at_unix: Math.floor(at.getTime() / 1000),
    },
  };
}

/** A contained account stays locked: older passwords don't work after a cancelled recovery either. */
const cancelNode = ({ containment }: IdentityView): UiNode =>
  inputNode({
    group: 'hand_over',
    name: 'hand_over',
    type: 'submit',
    value: 'cancel',
    label: label(containment ? MessageId.LabelCancelContained : MessageId.LabelCancelHandOver),
  });
