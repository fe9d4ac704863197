import type { NodeMessages, StoredMessage } from '../../../platform/flow/index.js';
import { MessageId } from '../../../platform/ui/index.js';
import type { Refusal, SettingsFlowView } from './settings-flow.view.js';

/*
 * Which messages survive a refused submission depends on the method, as recorded from Kratos: a password clears the
 * form's messages, a profile keeps all except those of the traits.
 */

/** The password is refused: the form only shows why. */
export function passwordRefused(flow: SettingsFlowView, message: StoredMessage): Refusal {
  return { messages: [], nodeMessages: { password: [message] }, submitted: flow.submitted };
}

/** The identity has no identifier to sign in with by password. */
export function identifierMissing(flow: SettingsFlowView): Refusal {
  return { messages: [{ id: MessageId.IdentifierMissing }], nodeMessages: {}, submitted: flow.submitted };
}

/** The method is missing or unknown: the form only says that. */
export function methodUnknown(flow: SettingsFlowView): Refusal {
  return { messages: [{ id: MessageId.SettingsNoStrategy }], nodeMessages: {}, submitted: flow.submitted };
}

/** @param submitted the traits that were sent; the form shows them again */
export function profileRefused(
  flow: SettingsFlowView,
  submitted: Record<string, unknown>,
  violations: readonly { field: string; message: StoredMessage }[],
  message?: StoredMessage,
): Refusal {
  const others = Object.entries(flow.nodeMessages).filter(([field]) => !/^traits(\.|$)/.test(field));
  const nodeMessages: NodeMessages = Object.fromEntries(others);
  const ofForm = message ? [message] : [];
  for (const { field, message: said } of violations)
    if (field === '') ofForm.push(said);
    else nodeMessages[field] = [...(nodeMessages[field] ?? []), said];
  const kept = flow.messages.filter(({ id }) => !ofForm.some((said) => said.id === id));
  return { messages: [...kept, ...ofForm], nodeMessages, submitted: { traits: submitted } };
}

/** An account can't be connected or disconnected: the form only shows why. */
export function accountRefused(flow: SettingsFlowView, message: StoredMessage): Refusal {
  return { messages: [message], nodeMessages: {}, submitted: flow.submitted };
}

/** The provider failed, or it or the person refused: the form adds the reason to its messages. */
export function accountTrouble(flow: SettingsFlowView, message: StoredMessage): Refusal {
  const before = flow.messages.filter(({ id }) => id !== message.id);
  return { messages: [...before, message], nodeMessages: {}, submitted: flow.submitted };
}

/** The account is being handed over, or was until recently: the form says when this can be changed. */
export function changeWaits(
  flow: SettingsFlowView,
  { verdict, minutes }: { verdict: string; minutes: number },
): Refusal {
  return accountRefused(
    flow,
    verdict === 'after_credential'
      ? { id: MessageId.SettingsAfterCredential }
      : { id: MessageId.SettingsAfterAbandoned, context: { minutes } },
  );
}
