/** Every text of every message. `{{…}}` is filled in; `_one` and `_other` are plural forms. */
export const en = {
  greeting: 'Hello,',
  help: 'Need help? {{support}}',
  help_unnamed: 'Need help? Contact {{brand}} support.',
  bare_link: "If the button doesn't work, copy this address into your browser:",

  this_link: 'This link',
  this_code: 'This code',
  once_minutes_one: '{{what}} works once and expires in 1 minute.',
  once_minutes_other: '{{what}} works once and expires in {{count}} minutes.',
  once_hours_one: '{{what}} works once and expires in 1 hour.',
  once_hours_other: '{{what}} works once and expires in {{count}} hours.',
  keep_link: "Don't forward it.",
  keep_code: "Don't share it: we'll never ask you for it.",

  colon: ':',
  fact_when: 'When',
  fact_device: 'Device',
  fact_by: 'By',
  device_on: '{{browser}} on {{system}}',
  device_unknown: 'unknown',
  administrator: 'an administrator',
  mine: "If this was you, you don't need to do anything.",
  theirs: '{{brand}} support did this for you.',
  not_mine: "If this wasn't you, someone else may be in your account. Get help right away: {{support}}",
  not_mine_unnamed: "If this wasn't you, someone else may be in your account. Contact {{brand}} support right away.",
  unexpected: "If you didn't expect this, get help right away: {{support}}",
  unexpected_unnamed: "If you didn't expect this, tell them right away.",

  ends_older:
    'All other sessions have ended, and older recovery links and codes no longer work. Other ways into your account, such as connected accounts and recently added addresses, are suspended until you confirm them in your settings.',

  recovery: {
    title: 'Get back into your account',
    action: 'Get back in',
    unasked: "If you didn't ask for this, you can ignore this message. Nothing has changed.",
    unasked_admin: "Didn't ask for help? Don't use it, and tell us: {{support}}",
    unasked_admin_unnamed: "Didn't ask for help? Don't use it, and tell {{brand}} support.",
  },
  recovery_valid: {
    subject: 'Recover access to your account',
    preheader: 'Your link to get back into your {{brand}} account.',
    intro: 'To get back into your {{brand}} account, open this link:',
  },
  recovery_code_valid: {
    subject: 'Use code {{code}} to recover access to your account',
    preheader: 'Your code to get back into your {{brand}} account.',
    intro: 'To get back into your {{brand}} account, enter this code on the page where you requested it:',
  },
  recovery_link_admin: {
    subject: 'Recover access to your account',
    preheader: 'Support has started recovering your {{brand}} account.',
    intro: 'Support has started recovering your {{brand}} account. To get back in, open this link:',
  },
  recovery_code_admin: {
    subject: 'Use code {{code}} to recover access to your account',
    preheader: 'Support has started recovering your {{brand}} account.',
    intro: 'Support has started recovering your {{brand}} account. To get back in, use this code:',
    enter: 'Enter it on this page:',
    action: 'Enter the code',
  },
  recovery_unknown: {
    subject: 'Account access attempted',
    preheader: 'There is no {{brand}} account with this email address.',
    title: 'No account with this address',
    intro:
      'Someone, probably you, tried to recover a {{brand}} account with this email address, but no account has it.',
    advice:
      "If this was you, try the address you signed up with. If it wasn't, you can ignore this message. Nothing has changed.",
  },

  recovery_not_yet: {
    subject: "You can't recover your account with this address yet",
    preheader: 'This address was added to your {{brand}} account too recently.',
    intro:
      'Someone, probably you, tried to recover your {{brand}} account with this email address. The address was added too recently for that. You can use it from {{time}}.',
    advice: 'Until then, use the address the account had before, or get help: {{support}}',
    advice_unnamed: 'Until then, use the address the account had before, or contact {{brand}} support.',
  },
  password_changed: {
    subject: 'Your password was changed',
    preheader: 'The password for your {{brand}} account was changed.',
    intro: 'The password for your {{brand}} account was changed.',
  },
  password_removed: {
    subject: 'Your password was removed',
    preheader: 'The password for your {{brand}} account was removed.',
    intro: 'The password for your {{brand}} account was removed. It can no longer be used to sign in.',
  },
  second_factor_removed: {
    subject: 'A second factor was removed from your account',
    preheader: 'A second factor no longer protects your {{brand}} account.',
    intro:
      'A second factor was removed from your {{brand}} account: an authenticator app, recovery codes or a security key. It no longer protects the account.',
  },
  recovered: {
    subject: 'Your account was recovered',
    preheader: 'Someone, probably you, recovered your {{brand}} account.',
    intro_link: 'Someone, probably you, recovered your {{brand}} account with a recovery link.',
    intro_code: 'Someone, probably you, recovered your {{brand}} account with a recovery code.',
  },
  recovery_unfinished: {
    subject: 'A recovery of your account was not completed',
    preheader: 'Someone, probably you, started to recover your {{brand}} account.',
    intro:
      "Someone, probably you, started to recover your {{brand}} account but didn't finish. You can sign in as before. Other devices have been signed out.",
    intro_contained:
      "Someone, probably you, started to recover your {{brand}} account but didn't finish. The account stays locked: no one can sign in until it is recovered.",
    again: 'If you still want to recover your account, start again.',
    locked: 'To get back in, ask for a new recovery link: {{support}}',
    locked_unnamed: 'To get back in, ask {{brand}} support for a new recovery link.',
  },
  address_changed: {
    subject: 'The addresses on your account were changed',
    preheader: 'The addresses on your {{brand}} account were changed.',
    intro:
      'The email addresses or phone numbers on your {{brand}} account were changed. We sent this message to an address that the account had before.',
  },
  address_changed_undo: {
    subject: 'The addresses on your account were changed',
    preheader: "If you didn't expect this, you can undo it.",
    intro:
      'The email addresses on your {{brand}} account were changed. We sent this message to an address that the account had before. That address keeps working for a while.',
    lead: "If you don't want this change, undo it:",
    action: 'Undo the change',
  },
  notice_digest: {
    subject: 'Many changes in your account',
    preheader: 'Your {{brand}} account was changed many times.',
    intro:
      "There were many changes in your {{brand}} account within an hour, so we've combined the latest ones in this message:",
    recovered: 'Recoveries',
    recovery_unfinished: 'Recoveries not completed',
    password_changed: 'Password changed',
    password_removed: 'Password removed',
    second_factor_removed: 'Second factor removed',
    address_changed: 'Addresses changed',
    social_connected: 'Sign-in connected',
    social_disconnected: 'Sign-in disconnected',
    last: 'Last',
  },
  social_connected: {
    subject: 'Sign-in with {{provider}} was connected',
    preheader: '{{provider}} can now be used to sign in to your {{brand}} account.',
    intro: '{{provider}} was connected to your {{brand}} account. It can now be used to sign in.',
  },
  social_disconnected: {
    subject: 'Sign-in with {{provider}} was disconnected',
    preheader: '{{provider}} can no longer be used to sign in to your {{brand}} account.',
    intro: '{{provider}} was disconnected from your {{brand}} account. It can no longer be used to sign in.',
  },
};

type Texts<Of> = { readonly [Key in keyof Of]: Of[Key] extends string ? string : Texts<Of[Key]> };

/** The texts that a language must have. */
export type Words = Texts<typeof en>;

/** For languages with a plural form for millions. */
export type ManyForms = { readonly [Key in 'once_minutes_many' | 'once_hours_many']: string };
