/**
 * Social: sign-in with provider accounts.
 *
 * Owns: the round trip to a provider (attempts, protocol, presets), the buttons that start it.
 * Does not own: the forms (login, settings), who has connected which account (identity's privileged exports), sessions.
 *
 * Part of self-service, which exports what others need.
 */
import type { Provider, Type } from '@nestjs/common';
import { Outbound } from '../../platform/outbound/index.js';
import { BeginAttempt } from './hot/begin-attempt.js';
import { ConsumeAttempt } from './hot/consume-attempt.js';
import { KeptTokens } from './kept-tokens.js';
import { AttemptKeys } from './protocol/attempt-keys.js';
import { SocialAnswers } from './social.answers.js';
import { SocialCookie } from './social.cookie.js';
import { SocialNodes } from './social.nodes.js';
import { SocialProviders } from './social.providers.js';
import { SocialPublicController } from './social.public.controller.js';
import { SocialPurge } from './social.purge.js';
import { SocialService } from './social.service.js';
import { TokenSeal } from './token-seal.js';

export { SocialProviders, SocialPurge, TokenSeal };

export const socialProviders: Provider[] = [
  { provide: Outbound, useFactory: () => new Outbound() },
  SocialService,
  SocialProviders,
  SocialNodes,
  SocialAnswers,
  SocialCookie,
  SocialPurge,
  AttemptKeys,
  BeginAttempt,
  ConsumeAttempt,
  KeptTokens,
  TokenSeal,
];

export const socialControllers: Type[] = [SocialPublicController];
