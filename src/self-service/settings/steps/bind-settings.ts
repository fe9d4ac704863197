import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CSRF, type Csrf, readCookie } from '../../../platform/http/index.js';
import type { SettingsFlowView } from '../flow/settings-flow.view.js';
import { SettingsFlows } from '../persistence/settings-flows.js';

/** Signing in again changes the browser's CSRF seed; the person who owns the flow goes on with the new one. */
@Injectable()
export class BindSettings {
  constructor(
    private readonly flows: SettingsFlows,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  async run(flow: SettingsFlowView, request: FastifyRequest): Promise<void> {
    if (flow.type !== 'browser' || readCookie(request, this.csrf.cookieName) === undefined) return;
    const seed = this.csrf.seed(request);
    if (seed === undefined || this.csrf.began(request, flow.csrfDigest)) return;
    await this.flows.bind(flow, this.csrf.digestOf(seed));
  }
}
