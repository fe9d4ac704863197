/**
 * Login: signing in with a password or a provider account.
 *
 * Owns: login flows, their form, and the rules for letting someone in.
 * Does not own: identities and passwords (identity), sessions, the round trip to providers (social).
 *
 * Part of self-service, which exports it.
 */
import type { Provider, Type } from '@nestjs/common';
import { CompleteLogin } from './hot/complete-login.js';
import { LoginAnswers } from './login.answers.js';
import { LoginChecks } from './login.checks.service.js';
import { LoginPresenter } from './login.presenter.js';
import { LoginPublicController } from './login.public.controller.js';
import { LoginPurge } from './login.purge.js';
import { LoginService } from './login.service.js';
import { LoginSubmissions } from './login.submissions.service.js';
import { LoginWaysOn } from './login.ways-on.js';
import { LoginFlows } from './persistence/login-flows.js';
import { CheckAccount } from './steps/check-account.js';
import { CheckPassword } from './steps/check-password.js';
import { KeepTokens } from './steps/keep-tokens.js';
import { LoginGate } from './login.gate.js';
import { KnownNetworks } from './persistence/known-networks.js';
import { MayGuess } from './may-guess.js';
import { RememberOwner } from './steps/remember-owner.js';
import { NoteOldProof } from './hot/note-old-proof.js';
import { RehashPassword } from './steps/rehash-password.js';
import { ReplaceLogin } from './steps/replace-login.js';
import { StartLogin } from './steps/start-login.js';

export { LoginPurge, LoginService, RememberOwner };

const steps = [
  StartLogin,
  CheckPassword,
  MayGuess,
  RememberOwner,
  KnownNetworks,
  LoginGate,
  CheckAccount,
  CompleteLogin,
  RehashPassword,
  KeepTokens,
  NoteOldProof,
  ReplaceLogin,
];

export const loginProviders: Provider[] = [
  LoginService,
  LoginPurge,
  LoginPresenter,
  LoginAnswers,
  LoginSubmissions,
  LoginChecks,
  LoginWaysOn,
  LoginFlows,
  ...steps,
];
export const loginControllers: Type[] = [LoginPublicController];
