import { Injectable } from '@nestjs/common';
import { Connections, Credentials } from '../../identity/privileged.js';
import { inputNode, label, MessageId, type UiNode } from '../../platform/ui/index.js';
import type { SocialProvider } from './protocol/social-provider.js';
import { SocialProviders } from './social.providers.js';

/** The provider buttons for the login and settings forms. */
@Injectable()
export class SocialNodes {
  constructor(
    private readonly providers: SocialProviders,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
  ) {}

  /** @param identityId only the providers that this identity has connected; null: all */
  async signInNodes(identityId: string | null): Promise<UiNode[]> {
    const { all } = this.providers;
    if (all.length === 0) return [];
    const own = identityId === null ? undefined : await this.#connected(identityId);
    const offered = all.filter(({ id }) => own === undefined || own.includes(id));
    return offered.map((provider) => {
      const context = { provider: provider.label, provider_id: provider.id };
      return button('provider', provider, MessageId.LabelSignInWith, context);
    });
  }

  /**
   * Offers to connect what is not connected, and to disconnect the rest while another way to sign in is left.
   * @param proves the account is being handed over: any provider may prove who the person is, and none can be
   * disconnected
   */
  async settingsNodes(identityId: string, proves: boolean): Promise<UiNode[]> {
    const { all } = this.providers;
    if (all.length === 0) return [];
    const own = proves ? [] : await this.#connected(identityId);
    const [linkable, linked] = [all.filter(({ id }) => !own.includes(id)), all.filter(({ id }) => own.includes(id))];
    const removable =
      linked.length === 0 || (new Set(own).size === 1 && !(await this.credentials.hasPassword(identityId)))
        ? []
        : linked;
    return [
      ...linkable.map((provider) => button('link', provider, MessageId.LabelLink, { provider: provider.label })),
      ...removable.map((provider) => button('unlink', provider, MessageId.LabelUnlink, { provider: provider.label })),
    ];
  }

  async #connected(identityId: string): Promise<string[]> {
    return (await this.connections.of(identityId)).map(({ provider }) => provider);
  }
}

const button = (name: string, { id }: SocialProvider, labelId: number, context: Record<string, unknown>): UiNode =>
  inputNode({ group: 'oidc', name, type: 'submit', value: id, label: label(labelId, context) });
