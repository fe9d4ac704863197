import { Injectable } from '@nestjs/common';
import { ClientsConfig, RegainConfig, SelfServiceConfig } from '../../config/index.js';
import { Clock } from '../../platform/clock/index.js';
import { Outbound } from '../../platform/outbound/index.js';
import { SocialProvider } from './protocol/social-provider.js';
import { PRESETS } from './providers/index.js';

/** Milliseconds. */
const PATIENCE = 500;

/** The configured providers, in the order of the configuration. None if the method is off. */
@Injectable()
export class SocialProviders {
  readonly all: readonly SocialProvider[];
  #first: Promise<unknown> | undefined;

  constructor(
    { methods: { oidc } }: SelfServiceConfig,
    { http }: ClientsConfig,
    { social }: RegainConfig,
    outbound: Outbound,
    clock: Clock,
  ) {
    const rules = { privateNetworks: !http.disallow_private_ip_ranges, exceptions: http.private_ip_exception_urls };
    this.all = (oidc.enabled ? oidc.config.providers : []).flatMap((config) => {
      const presetOf = PRESETS[config.provider];
      if (presetOf === undefined) return [];
      const preset = presetOf(config);
      return [new SocialProvider({ config, preset, outbound, rules, clock, alwaysPkce: social.pkce === 'always' })];
    });
  }

  find(id: string | undefined): SocialProvider | undefined {
    return this.all.find((provider) => provider.id === id);
  }

  /**
   * Where a form with provider buttons may lead, for a page's `form-action`. The first page waits briefly for the
   * providers' answers; later pages never wait and use what is known.
   */
  async formTargets(): Promise<string[]> {
    const asked = Promise.all(this.all.map((provider) => provider.warm().catch(() => undefined)));
    await (this.#first ??= Promise.race([asked, new Promise((done) => setTimeout(done, PATIENCE).unref())]));
    return this.all.flatMap((provider) => provider.origins());
  }
}
