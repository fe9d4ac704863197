/**
 * Vetoes: the port through which extensions refuse what is about to happen.
 *
 * Owns: what can be refused, and how a refusal reaches a client. Does not own: who listens (src/extensions), nor where it is
 *   asked (each module, before its guarded statement).
 */
export {
  type CredentialIntent,
  type Intents,
  type IssueIntent,
  type RedeemIntent,
  type SignInIntent,
  type Veto,
  Vetoed,
  VETOES,
  type Vetoes,
  vetoOf,
} from './vetoes.js';
