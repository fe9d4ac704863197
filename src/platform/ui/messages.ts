import type { StoredMessage } from '../flow/index.js';
import { numeral, quoted } from './notation.js';
import type { UiText } from './ui.dto.js';

/** Clients switch on these numbers: append new ones, never renumber. */
export const MessageId = {
  LabelSignIn: 1_010_001,
  LabelSignInWith: 1_010_002,
  ConfirmItIsYou: 1_010_003,
  LabelSignInWithPassword: 1_010_022,
  SettingsSaved: 1_050_001,
  LabelLink: 1_050_002,
  LabelUnlink: 1_050_003,
  RecoverySucceeded: 1_060_001,
  RecoveryLinkSent: 1_060_002,
  RecoveryCodeSent: 1_060_003,
  RecoveryCodeSentTo: 1_060_004,
  RecoveryConfirmAddress: 1_060_005,
  RecoveryChooseAddress: 1_060_006,
  LabelBack: 1_060_007,
  LabelGiven: 1_070_000,
  OldCredentialTried: 1_059_001,
  LabelPassword: 1_070_001,
  LabelTrait: 1_070_002,
  LabelSave: 1_070_003,
  LabelIdentifier: 1_070_004,
  LabelEmail: 1_070_007,
  LabelResendCode: 1_070_008,
  LabelContinue: 1_070_009,
  LabelRecoveryCode: 1_070_010,
  LabelRecoveryAddress: 1_070_016,
  LabelKeep: 1_079_001,
  LabelCancelHandOver: 1_079_002,
  LabelRemove: 1_079_003,
  LabelCancelContained: 1_079_004,
  Generic: 4_000_001,
  RefusedByExtension: 4_009_001,
  PropertyMissing: 4_000_002,
  TooShort: 4_000_003,
  PatternMismatch: 4_000_004,
  PasswordPolicyViolation: 4_000_005,
  CredentialsInvalid: 4_000_006,
  DuplicateIdentifier: 4_000_007,
  IdentifierMissing: 4_000_009,
  TooLong: 4_000_017,
  BelowMinimum: 4_000_018,
  NotAboveMinimum: 4_000_019,
  AboveMaximum: 4_000_020,
  NotBelowMaximum: 4_000_021,
  NotMultiple: 4_000_022,
  TooManyItems: 4_000_023,
  TooFewItems: 4_000_024,
  ItemsEqual: 4_000_025,
  WrongType: 4_000_026,
  NotTheConstant: 4_000_029,
  NotTheConstantObject: 4_000_030,
  PasswordTooSimilar: 4_000_031,
  PasswordTooShort: 4_000_032,
  PasswordTooLong: 4_000_033,
  PasswordBreached: 4_000_034,
  PasswordUnchanged: 4_000_039,
  AddressInvalid: 4_000_040,
  PhoneInvalid: 4_000_041,
  LoginFlowExpired: 4_010_001,
  LoginNoStrategy: 4_010_002,
  SettingsNoStrategy: 4_010_004,
  RecoveryNoStrategy: 4_010_005,
  AccountDisabled: 4_010_011,
  AccountBeingRecovered: 4_019_001,
  AccountContained: 4_019_002,
  SettingsFlowExpired: 4_050_001,
  SettingsAfterCredential: 4_059_001,
  SettingsAfterAbandoned: 4_059_002,
  PasswordIsOld: 4_059_003,
  AddressRequired: 4_059_004,
  RecoveryRetrySuccess: 4_060_001,
  RecoveryStateFailure: 4_060_002,
  RecoveryTokenInvalid: 4_060_004,
  RecoveryFlowExpired: 4_060_005,
  RecoveryCodeInvalid: 4_060_006,
} as const;

type Text = (context: Record<string, unknown>) => string;
const text =
  (value: string): Text =>
  () =>
    value;
const say = (context: Record<string, unknown>, key: string): string => String(context[key] ?? '');
/** A number from the context. */
const num = (context: Record<string, unknown>, key: string): string => numeral(Number(context[key]));

/**
 * Every text that a form can show, by message id. The texts are part of the wire contract: some user interfaces compare
 * them.
 */
const TEXTS: Record<number, Text> = {
  [MessageId.LabelSignIn]: text('Sign in'),
  [MessageId.LabelSignInWith]: (c) => `Sign in with ${say(c, 'provider')}`,
  [MessageId.ConfirmItIsYou]: text('Please confirm this action by verifying that it is you.'),
  [MessageId.LabelSignInWithPassword]: text('Sign in with password'),
  [MessageId.SettingsSaved]: text('Your changes have been saved!'),
  [MessageId.LabelLink]: (c) => `Link ${say(c, 'provider')}`,
  [MessageId.LabelUnlink]: (c) => `Unlink ${say(c, 'provider')}`,
  [MessageId.RecoverySucceeded]: (c) =>
    `You successfully recovered your account. Please change your password or set up an alternative login method (e.g. social sign in) within the next ${say(c, 'minutes')} minutes.`,
  [MessageId.RecoveryLinkSent]: text(
    'An email containing a recovery link has been sent to the email address you provided. If you have not received an email, check the spelling of the address and make sure to use the address you registered with.',
  ),
  [MessageId.RecoveryCodeSent]: text(
    'An email containing a recovery code has been sent to the email address you provided. If you have not received an email, check the spelling of the address and make sure to use the address you registered with.',
  ),
  [MessageId.RecoveryCodeSentTo]: (c) =>
    `A recovery code has been sent to ${say(c, 'masked_address')}. If you have not received it, check the spelling of the address and make sure to use the address you registered with.`,
  [MessageId.RecoveryConfirmAddress]: text(
    'Recover access to your account by providing your recovery address in full.',
  ),
  [MessageId.RecoveryChooseAddress]: text('How do you want to recover your account?'),
  [MessageId.LabelBack]: text('Back'),
  [MessageId.LabelGiven]: (c) => say(c, 'text'),
  [MessageId.LabelPassword]: text('Password'),
  [MessageId.LabelTrait]: (c) => say(c, 'title'),
  [MessageId.LabelSave]: text('Save'),
  [MessageId.LabelIdentifier]: text('ID'),
  [MessageId.LabelEmail]: text('Email'),
  [MessageId.LabelResendCode]: text('Resend code'),
  [MessageId.LabelContinue]: text('Continue'),
  [MessageId.LabelRecoveryCode]: text('Recovery code'),
  [MessageId.LabelRecoveryAddress]: text('Recovery address'),
  [MessageId.LabelKeep]: (c) => `${say(c, 'name')} is still mine`,
  [MessageId.LabelCancelHandOver]: text('Cancel, my password still works'),
  [MessageId.LabelRemove]: (c) => `Remove ${say(c, 'name')}`,
  [MessageId.LabelCancelContained]: text('Cancel this recovery'),
  [MessageId.Generic]: (c) => say(c, 'reason'),
  [MessageId.PropertyMissing]: (c) => `Property ${say(c, 'property')} is missing.`,
  [MessageId.TooShort]: (c) => `length must be >= ${say(c, 'min_length')}, but got ${say(c, 'actual_length')}`,
  [MessageId.PatternMismatch]: (c) => `does not match pattern ${quoted(say(c, 'pattern'))}`,
  [MessageId.TooLong]: (c) => `length must be <= ${say(c, 'max_length')}, but got ${say(c, 'actual_length')}`,
  [MessageId.BelowMinimum]: (c) => `must be >= ${num(c, 'minimum')} but found ${num(c, 'actual')}`,
  [MessageId.NotAboveMinimum]: (c) => `must be > ${num(c, 'minimum')} but found ${num(c, 'actual')}`,
  [MessageId.AboveMaximum]: (c) => `must be <= ${num(c, 'maximum')} but found ${num(c, 'actual')}`,
  [MessageId.NotBelowMaximum]: (c) => `must be < ${num(c, 'maximum')} but found ${num(c, 'actual')}`,
  [MessageId.NotMultiple]: (c) => `${num(c, 'actual')} not multipleOf ${num(c, 'base')}`,
  [MessageId.TooManyItems]: (c) =>
    `maximum ${say(c, 'max_items')} items allowed, but found ${say(c, 'actual_items')} items`,
  [MessageId.TooFewItems]: (c) =>
    `minimum ${say(c, 'min_items')} items allowed, but found ${say(c, 'actual_items')} items`,
  [MessageId.ItemsEqual]: (c) => `items at index ${say(c, 'index_a')} and ${say(c, 'index_b')} are equal`,
  [MessageId.WrongType]: (c) =>
    `expected ${[c['allowed_types']].flat().join(' or ')}, but got ${say(c, 'actual_type')}`,
  [MessageId.NotTheConstant]: (c) => `must be equal to constant ${say(c, 'expected')}`,
  [MessageId.NotTheConstantObject]: text('const failed'),
  [MessageId.PasswordPolicyViolation]: (c) => `The password can not be used because ${say(c, 'reason')}.`,
  [MessageId.CredentialsInvalid]: text(
    'The provided credentials are invalid, check for spelling mistakes in your password or username, email address, or phone number.',
  ),
  [MessageId.DuplicateIdentifier]: text(
    'An account with the same identifier (email, phone, username, ...) exists already.',
  ),
  [MessageId.IdentifierMissing]: text(
    'Could not find any login identifiers. Did you forget to set them? This could also be caused by a server misconfiguration.',
  ),
  [MessageId.PasswordUnchanged]: text('The new password must be different from the old password.'),
  [MessageId.PasswordTooSimilar]: text('The password can not be used because it is too similar to the identifier.'),
  [MessageId.PasswordTooShort]: (c) =>
    `The password must be at least ${say(c, 'min_length')} characters long, but got ${say(c, 'actual_length')}.`,
  [MessageId.PasswordTooLong]: (c) =>
    `The password must be at most ${say(c, 'max_length')} characters long, but got ${say(c, 'actual_length')}.`,
  [MessageId.PasswordBreached]: text('The password has been found in data breaches and must no longer be used.'),
  [MessageId.AddressInvalid]: text('Enter a valid email address'),
  [MessageId.PhoneInvalid]: text('Enter a valid phone number'),
  [MessageId.LoginFlowExpired]: (c) => `The login flow expired ${say(c, 'minutes')} minutes ago, please try again.`,
  [MessageId.LoginNoStrategy]: text(
    'Could not find a strategy to log you in with. Did you fill out the form correctly?',
  ),
  [MessageId.SettingsNoStrategy]: text(
    'Could not find a strategy to update your settings. Did you fill out the form correctly?',
  ),
  [MessageId.RecoveryNoStrategy]: text(
    'Could not find a strategy to recover your account with. Did you fill out the form correctly?',
  ),
  [MessageId.AccountDisabled]: text('This account has been disabled. Please contact support for assistance.'),
  [MessageId.AccountBeingRecovered]: (c) =>
    `This account is being recovered. If that is you, finish with the recovery link or code. Otherwise try again in ${say(c, 'minutes')} minutes.`,
  [MessageId.RefusedByExtension]: (c) => String(say(c, 'reason')),
  [MessageId.AccountContained]: text('This account is locked until it has been recovered. Please contact support.'),
  [MessageId.OldCredentialTried]: text('Someone tried to sign in with your old password or a connected account.'),
  [MessageId.SettingsAfterCredential]: text(
    'You are recovering this account. Set a new password or connect an account to sign in with first.',
  ),
  [MessageId.SettingsAfterAbandoned]: (c) =>
    `A recovery of this account was started but not finished. This cannot be changed for another ${say(c, 'minutes')} minutes, unless you recover the account again.`,
  [MessageId.PasswordIsOld]: text('This is the password that the account had before. Please choose another one.'),
  [MessageId.AddressRequired]: text(
    'This address cannot be removed, because the account needs one in its place. Replace it in your details instead.',
  ),
  [MessageId.SettingsFlowExpired]: (c) =>
    `The settings flow expired ${say(c, 'minutes')} minutes ago, please try again.`,
  [MessageId.RecoveryRetrySuccess]: text('The request was already completed successfully and can not be retried.'),
  [MessageId.RecoveryStateFailure]: text('The recovery flow reached a failure state and must be retried.'),
  [MessageId.RecoveryTokenInvalid]: text(
    'The recovery token is invalid or has already been used. Please retry the flow.',
  ),
  [MessageId.RecoveryFlowExpired]: (c) =>
    `The recovery flow expired ${say(c, 'minutes')} minutes ago, please try again.`,
  [MessageId.RecoveryCodeInvalid]: text('The recovery code is invalid or has already been used. Please try again.'),
};

/** Context keys that only feed the text and are never sent. */
const INTERNAL_CONTEXT = new Set(['minutes', 'text']);

/** A stored message as clients see it. Ids from 4,000,000 on are errors; two others are successes. */
export function renderMessage({ id, context = {} }: StoredMessage): UiText {
  const make = TEXTS[id];
  if (!make) throw new Error(`message ${id} has no text`);
  const shown = Object.entries(context).filter(([key]) => !INTERNAL_CONTEXT.has(key));
  const success = id === MessageId.SettingsSaved || id === MessageId.RecoverySucceeded;
  return {
    id,
    text: make(context),
    type: id >= 4_000_000 ? 'error' : success ? 'success' : 'info',
    ...(shown.length > 0 ? { context: Object.fromEntries(shown) } : {}),
  };
}

export function renderMessages(messages: readonly StoredMessage[]): UiText[] {
  return messages.map(renderMessage);
}

/** The label of a form node. */
export function label(id: number, context?: Record<string, unknown>): UiText {
  return renderMessage(context ? { id, context } : { id });
}
