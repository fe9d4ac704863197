import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { OutboundFailed } from '../../../platform/outbound/index.js';
import { SubjectMissing, SubjectUnusable } from './preset.js';

/** Code for an account whose subject can't be stored. */
export const SUBJECT_UNUSABLE = 'subject_unusable';

/** The provider's own words when it refused, for the person; of limited length. */
export interface ProviderRefusal {
  readonly error: string;
  readonly description: string;
}

/**
 * A failure between Regain and a provider. The person sees it on their form; nothing else is affected.
 * - `refused`: the provider, or the person there, refused
 * - `away`: unreachable, or no answer in time
 * - `unusable`: an answer that doesn't follow the protocol
 */
export class ProviderTrouble extends Error {
  private constructor(
    readonly kind: 'refused' | 'away' | 'unusable',
    /** for the log: a code from the protocol or from Regain, never a value */
    readonly code: string,
    readonly refusal?: ProviderRefusal,
    /** for the log: the check that an answer failed, in the protocol library's words */
    readonly check?: string,
  ) {
    super(`social sign-in: ${kind} (${code})`);
    this.name = 'ProviderTrouble';
  }

  /** Whether this may be an attack: the token was forged, or the code or the answer belongs to another attempt. */
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
 * The checks that exist because of attacks. The others find a provider's mistakes: a wrong clock, a missing claim, or
 * an unpublished key, because a provider that has lost its keys looks the same.
 */
const FORGED = /"(?:nonce|aud|azp|iss|alg)"|signature verification failed|unsupported JWS/;
const CHECKERS = new Set(['OperationProcessingError', 'UnsupportedOperationError']);

/** One line of limited length; the form escapes it. */
const bounded = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .slice(0, LONGEST)
    .toWellFormed();

/**
 * The sentence from oauth4webapi behind openid-client's error. It names claims and parameters, but not their values;
 * anything else is left out.
 */
function checkOf({ cause }: ClientError): string | undefined {
  if (!(cause instanceof Error) || !CHECKERS.has(cause.name)) return undefined;
  return /^[A-Za-z0-9 "().,_-]{1,120}$/.test(cause.message) ? cause.message : undefined;
}

const plain = (code: string): string => (/^[A-Za-z0-9_.-]{1,60}$/.test(code) ? code : 'other');
