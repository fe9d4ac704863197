import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { OutboundFailed } from '../../../platform/outbound/index.js';
import { SubjectMissing, SubjectUnusable } from './preset.js';

/** The code of an account whose name cannot be kept. */
export const SUBJECT_UNUSABLE = 'subject_unusable';

/** What the provider said when it refused: its own words, for the person, bounded. */
export interface ProviderRefusal {
  readonly error: string;
  readonly description: string;
}

/**
 * Something between us and a provider went wrong: its users see it on their form, nobody else notices.
 * - `refused`: the provider, or the person there, said no
 * - `away`: it cannot be reached, or did not answer in time
 * - `unusable`: it answered, but not as the protocol asks
 */
export class ProviderTrouble extends Error {
  private constructor(
    readonly kind: 'refused' | 'away' | 'unusable',
    /** for the log: a code of the protocol or of ours, never a value */
    readonly code: string,
    readonly refusal?: ProviderRefusal,
    /** for the log: what an answer did not pass, in the protocol library's words */
    readonly check?: string,
  ) {
    super(`social sign-in: ${kind} (${code})`);
    this.name = 'ProviderTrouble';
  }

  /** Whether somebody may be at work: the token was made up, or the code or the answer is not of this attempt. */
  get suspect(): boolean {
    return this.code === 'invalid_grant' || (this.check !== undefined && FORGED.test(this.check));
  }

  static unusable(code: string): ProviderTrouble {
    return new ProviderTrouble('unusable', code);
  }

  static of(error: unknown): ProviderTrouble {
    if (error instanceof ProviderTrouble) return error;
    if (error instanceof AuthorizationResponseError)
      return new ProviderTrouble('refused', 'authorization_refused', {
        error: bounded(error.error),
        description: bounded(error.error_description ?? ''),
      });
    for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++)
      if (at instanceof OutboundFailed)
        return new ProviderTrouble(AWAY.has(at.trouble) ? 'away' : 'unusable', at.trouble);
    if (error instanceof ResponseBodyError) return new ProviderTrouble('unusable', plain(error.error));
    if (error instanceof SubjectUnusable) return new ProviderTrouble('unusable', SUBJECT_UNUSABLE);
    if (error instanceof SubjectMissing) return new ProviderTrouble('unusable', 'no_subject');
    if (error instanceof ClientError)
      return new ProviderTrouble('unusable', plain(error.code ?? 'protocol'), undefined, checkOf(error));
    return new ProviderTrouble('unusable', error instanceof Error ? error.name : 'unknown');
  }
}

const AWAY = new Set(['unreachable', 'slow']);
const LONGEST = 200;
/**
 * The checks that are there because of attacks. The others find a provider's mistakes: a clock that is wrong, a claim left
 * out. A key that the provider does not show is one of these, too: a provider that has lost its keys looks the same.
 */
const FORGED = /"(?:nonce|aud|azp|iss|alg)"|signature verification failed|unsupported JWS/;
const CHECKERS = new Set(['OperationProcessingError', 'UnsupportedOperationError']);

/** One line of bounded length; the form escapes it. */
const bounded = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .slice(0, LONGEST)
    .toWellFormed();

/**
 * The sentence of oauth4webapi that openid-client sums up. It names claims and parameters, and keeps the values apart; what
 * looks otherwise is left out.
 */
function checkOf({ cause }: ClientError): string | undefined {
  if (!(cause instanceof Error) || !CHECKERS.has(cause.name)) return undefined;
  return /^[A-Za-z0-9 "().,_-]{1,120}$/.test(cause.message) ? cause.message : undefined;
}

const plain = (code: string): string => (/^[A-Za-z0-9_.-]{1,60}$/.test(code) ? code : 'other');
