import { MessageId, type UiNode, type UiText } from '../platform/ui/index.js';

type Sentence = (context: Record<string, unknown>) => string | undefined;

const count = (context: Record<string, unknown>, key: string): number | undefined => {
  const value = context[key];
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
};

/** Texts for messages that carry their text with them. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^can not link .* OpenID Connect/, 'This account is already connected, or can’t be connected any more.'],
  [
    /^can not unlink .* last remaining/,
    'You have no other way to sign in. Set a password first; then you can disconnect it.',
  ],
  [/^can not unlink non-existing/, 'This account is no longer connected.'],
  [/^Unable to complete .* error "access_denied"/, 'The sign-in was cancelled there. Nothing has changed here.'],
  [/^The request was submitted too often/, 'Too many wrong codes. Ask for a new one below.'],
  [/ is not valid "uri"$/, 'Please enter a web address, such as https://example.com.'],
  [/ is not valid "date"$/, 'Please enter a date, such as 2030-12-31.'],
  [/ is not valid "date-time"$/, 'Please enter a date and a time, such as 2030-12-31T18:00:00Z.'],
  [/ is not valid "[\w-]+"$/, 'This doesn’t have the expected format. Please check it.'],
  [/^value must be one of /, 'Please choose one of the options.'],
  [/^Unable to complete OpenID Connect flow/, 'The sign-in there didn’t work. Please try again.'],
];

/** Plain words for the API's messages; messages that are missing here keep the API's text. */
const SENTENCES: Record<number, Sentence> = {
  [MessageId.ConfirmItIsYou]: () => 'Please enter your password again to confirm it’s you.',
  [MessageId.SettingsSaved]: () => 'Your changes have been saved.',
  [MessageId.RecoverySucceeded]: () => 'You’re back in your account.',
  [MessageId.RecoveryLinkSent]: () =>
    'If an account has this email address, we’ve sent a recovery link to it. Nothing after a few minutes? Check your spam folder or try another address.',
  [MessageId.RecoveryCodeSent]: () =>
    'If an account has this email address, we’ve sent a recovery code to it. Nothing after a few minutes? Check your spam folder or try another address.',
  [MessageId.Generic]: ({ reason }) => REASONS.find(([pattern]) => pattern.test(String(reason)))?.[1],
  [MessageId.PropertyMissing]: () => 'Please fill in this field.',
  [MessageId.TooShort]: (c) => {
    const least = count(c, 'min_length');
    return least === undefined
      ? undefined
      : least === 1
        ? 'Please fill in this field.'
        : `Please use at least ${least} characters.`;
  },
  [MessageId.PatternMismatch]: () => 'This doesn’t have the expected format. Please check it.',
  [MessageId.TooLong]: (c) => {
    const most = count(c, 'max_length');
    return most === undefined ? undefined : `Please use at most ${most} characters.`;
  },
  [MessageId.BelowMinimum]: ({ minimum }) => `Please enter ${String(minimum)} or more.`,
  [MessageId.NotAboveMinimum]: ({ minimum }) => `Please enter more than ${String(minimum)}.`,
  [MessageId.AboveMaximum]: ({ maximum }) => `Please enter ${String(maximum)} or less.`,
  [MessageId.NotBelowMaximum]: ({ maximum }) => `Please enter less than ${String(maximum)}.`,
  [MessageId.NotMultiple]: ({ base }) => `Please enter a multiple of ${String(base)}.`,
  [MessageId.TooManyItems]: ({ max_items }) => `Please enter at most ${String(max_items)}.`,
  [MessageId.TooFewItems]: ({ min_items }) => `Please enter at least ${String(min_items)}.`,
  [MessageId.ItemsEqual]: () => 'Two of these are the same. Please enter each only once.',
  [MessageId.WrongType]: ({ allowed_types }) =>
    [allowed_types].flat().every((type) => type === 'number' || type === 'integer')
      ? `Please enter a ${[allowed_types].flat().includes('number') ? '' : 'whole '}number.`
      : undefined,
  [MessageId.PhoneInvalid]: () => 'Please enter a phone number with its country code, such as +49 30 123456.',
  [MessageId.IdentifierMissing]: () =>
    'Your account has no email address or user name to sign in with, so a password wouldn’t help.',
  [MessageId.PasswordUnchanged]: () => 'This is your current password. Please choose a new one.',
  [MessageId.CredentialsInvalid]: () =>
    'That didn’t match. Check your email or user name and your password for typos, then try again.',
  [MessageId.DuplicateIdentifier]: () => 'Another account already uses this email address, name or connected account.',
  [MessageId.PasswordTooSimilar]: () =>
    'This password is too similar to your email address or name. Please choose a different one.',
  [MessageId.PasswordTooShort]: (c) => {
    const least = count(c, 'min_length');
    const given = count(c, 'actual_length');
    if (least === undefined) return undefined;
    return `This password is too short. Please use at least ${least} characters${given === undefined ? '' : `; you used ${given}`}.`;
  },
  [MessageId.PasswordTooLong]: (c) => {
    const most = count(c, 'max_length');
    return most === undefined ? undefined : `This password is too long. Please use at most ${most} characters.`;
  },
  [MessageId.PasswordBreached]: () =>
    'This password has appeared in a data breach, so others may try it. Please choose a different one.',
  [MessageId.AddressInvalid]: () => 'Please enter an email address, such as name@example.com.',
  [MessageId.LoginFlowExpired]: () => 'This page was open for too long. Please try again.',
  [MessageId.SettingsFlowExpired]: () => 'This page was open for too long. Please try again.',
  [MessageId.LoginNoStrategy]: () => 'Something was missing. Please fill in the form and try again.',
  [MessageId.SettingsNoStrategy]: () => 'Something was missing. Please fill in the form and try again.',
  [MessageId.RecoveryNoStrategy]: () => 'Something was missing. Please fill in the form and try again.',
  [MessageId.AccountDisabled]: () => 'This account has been disabled, so nobody can sign in to it.',
  [MessageId.OldCredentialTried]: () =>
    'Someone has just tried to get in with your old password or a connected account, and failed. If that wasn’t you, finish here: choose a new password.',
  [MessageId.SettingsAfterCredential]: () => 'Choose a new password first. After that, you can change everything else.',
  [MessageId.PasswordIsOld]: () => 'This is your previous password. Please choose a different one.',
  [MessageId.RecoveryRetrySuccess]: () => 'This recovery is already complete.',
  [MessageId.RecoveryStateFailure]: () => 'This recovery couldn’t be completed. Please start again.',
  [MessageId.RecoveryTokenInvalid]: () =>
    'A recovery link works once and for a limited time. This one may have been used already, or may have expired or been withdrawn.',
  [MessageId.RecoveryFlowExpired]: () => 'A recovery link only works for a limited time, and this one has expired.',
  [MessageId.RecoveryCodeInvalid]: () =>
    'This code is wrong or has already been used. Please check it, or ask for a new one.',
};

export function words(message: UiText): string {
  return SENTENCES[message.id]?.(message.context ?? {}) ?? message.text;
}

/**
 * Labels that are more specific than the API's: by message id, or by id and group if `Save` would not say what it
 * saves.
 */
const LABELS: Record<string, string> = {
  [MessageId.LabelIdentifier]: 'Email or user name',
  [MessageId.LabelEmail]: 'Email address',
  [MessageId.LabelSignInWithPassword]: 'Sign in',
  [MessageId.LabelSignIn]: 'Continue',
  [`${MessageId.LabelSave}/password`]: 'Save new password',
  [`${MessageId.LabelSave}/profile`]: 'Save details',
  [`${MessageId.LabelContinue}/link`]: 'Send me a recovery link',
  [`${MessageId.LabelContinue}/code`]: 'Send me a recovery code',
  [MessageId.LabelResendCode]: 'Send another code',
};

/** The label of a node; if it has none, its name. */
export function labelOf(node: UiNode): string {
  const { label } = node.meta;
  if (label === undefined) return node.attributes.name;
  if (label.id === MessageId.LabelPassword && node.attributes.autocomplete === 'new-password') return 'New password';
  const provider = String(label.context?.['provider'] ?? '');
  if (label.id === MessageId.LabelLink) return `Connect ${provider}`;
  if (label.id === MessageId.LabelUnlink) return `Disconnect ${provider}`;
  return LABELS[`${label.id}/${node.group}`] ?? LABELS[label.id] ?? label.text;
}

/** Minutes until the instant, at least 1. */
export function minutesUntil(instant: Date, now: Date): number {
  return Math.max(1, Math.round((instant.getTime() - now.getTime()) / 60_000));
}

export function inMinutes(minutes: number): string {
  if (minutes >= 120) return `within the next ${Math.floor(minutes / 60)} hours`;
  return minutes === 1 ? 'within the next minute' : `within the next ${minutes} minutes`;
}
