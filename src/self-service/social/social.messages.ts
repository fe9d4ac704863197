import type { StoredMessage } from '../../platform/flow/index.js';
import { MessageId } from '../../platform/ui/index.js';
import { type ProviderTrouble, SUBJECT_UNUSABLE } from './protocol/provider-trouble.js';

/** The message that a form shows. The first text and the last two are recorded from Kratos. */
export function sayTrouble({ kind, code, refusal }: ProviderTrouble, label: string): StoredMessage {
  if (refusal !== undefined)
    return say(
      `Unable to complete OpenID Connect flow because the OpenID Provider returned error "${refusal.error}": ${refusal.description}`,
    );
  if (code === SUBJECT_UNUSABLE)
    return say(`This account of ${label} cannot be used here. Please sign in another way.`);
  if (kind === 'away') return say(`${label} cannot be reached at the moment. Please try again later.`);
  return say(`The answer from ${label} could not be used. Please try again.`);
}

export const accountUnknown = (label: string): StoredMessage =>
  say(`This ${label} account is not connected here. Sign in another way first, then connect it in your settings.`);

export const anotherSession = (): StoredMessage =>
  say('You have signed in again since you started to connect the account. Please try again.');

export const cannotLink = (): StoredMessage =>
  say('can not link unknown or already existing OpenID Connect connection');

export const cannotUnlink = (): StoredMessage => say('can not unlink non-existing OpenID Connect connection');

export const lastWayIn = (): StoredMessage =>
  say('can not unlink OpenID Connect connection because it is the last remaining first factor credential');

const say = (reason: string): StoredMessage => ({ id: MessageId.Generic, context: { reason } });
