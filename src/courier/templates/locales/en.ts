/** Every text of every message. `{{…}}` is filled in; `_one` and `_other` are plural forms. */
export const en = {
  greeting: 'Hello,',
  help: 'Need help? {{support}}',
  help_unnamed: 'Need help? Ask the people who look after your {{brand}} account.',
  bare_link: 'If the button does not work, copy this address into your browser:',

  once_minutes_one: 'It works once, within the next minute.',
  once_minutes_other: 'It works once, within the next {{count}} minutes.',
  once_hours_one: 'It works once, within the next hour.',
  once_hours_other: 'It works once, within the next {{count}} hours.',
  keep_link: 'Do not pass it on.',
  keep_code: 'Do not pass it on: we never ask for it.',

  colon: ':',
  fact_when: 'When',
  fact_device: 'Device',
  fact_by: 'By',
  device_on: '{{browser}} on {{system}}',
  device_unknown: 'unknown',
  administrator: 'an administrator',
  mine: 'If that was you, there is nothing for you to do.',
  theirs: 'The people who look after your {{brand}} account did this for you.',
  not_mine: 'If it was not you, somebody else may be in your account. Ask for help at once: {{support}}',
  not_mine_unnamed:
    'If it was not you, somebody else may be in your account. Tell the people who look after your {{brand}} account at once.',
  unexpected: 'If you did not expect it, ask for help at once: {{support}}',
  unexpected_unnamed: 'If you did not expect it, tell them at once.',

  ends_older:
    'Everything older has ended: other sessions, and recovery links and codes. Other ways into your account, such as connected accounts and recently added addresses, are suspended until you keep them in its settings.',

  recovery: {
    title: 'Get back into your account',
    action: 'Get back in',
    unasked: 'If you did not ask for it, you can ignore this message: nothing has changed.',
    unasked_admin: 'If you did not ask anybody for help with your account, do not use it, and say so: {{support}}',
    unasked_admin_unnamed:
      'If you did not ask anybody for help with your account, do not use it, and tell the people who look after your {{brand}} account.',
  },
  recovery_valid: {
    subject: 'Recover access to your account',
    preheader: 'The link to get back into your {{brand}} account.',
    intro: 'To get back into your {{brand}} account, open this link:',
  },
  recovery_code_valid: {
    subject: 'Use code {{code}} to recover access to your account',
    preheader: 'The code to get back into your {{brand}} account.',
    intro: 'To get back into your {{brand}} account, enter this code on the page where you asked for it:',
  },
  recovery_link_admin: {
    subject: 'Recover access to your account',
    preheader: 'Support started the recovery of your {{brand}} account.',
    intro: 'Support has started the recovery of your {{brand}} account. To get back in, open this link:',
  },
  recovery_code_admin: {
    subject: 'Use code {{code}} to recover access to your account',
    preheader: 'Support started the recovery of your {{brand}} account.',
    intro: 'Support has started the recovery of your {{brand}} account. To get back in, you need this code:',
    enter: 'Enter it on this page:',
    action: 'Enter the code',
  },
  recovery_unknown: {
    subject: 'Account access attempted',
    preheader: 'No {{brand}} account has this email address.',
    title: 'No account has this address',
    intro:
      'Somebody, probably you, asked to recover an account at {{brand}} with this email address. No account has it.',
    advice:
      'If it was you, try the address that you signed up with. If it was not, you can ignore this message: nothing has changed.',
  },

  recovery_not_yet: {
    subject: 'You cannot recover your account with this address yet',
    preheader: 'This address of your {{brand}} account is too new for a recovery.',
    intro:
      'Somebody, probably you, asked to recover your {{brand}} account with this email address. The address is too new for that. You can use it from {{time}} on.',
    advice: 'Until then, use the address that the account had before, or ask for help: {{support}}',
    advice_unnamed:
      'Until then, use the address that the account had before, or ask the people who look after your {{brand}} account.',
  },
  password_changed: {
    subject: 'Your password was changed',
    preheader: 'The password of your {{brand}} account was changed.',
    intro: 'The password of your {{brand}} account was changed.',
  },
  password_removed: {
    subject: 'Your password was removed',
    preheader: 'The password of your {{brand}} account was removed.',
    intro: 'The password of your {{brand}} account was removed. Nobody can sign in with it any more.',
  },
  second_factor_removed: {
    subject: 'A second factor was removed from your account',
    preheader: 'A second factor no longer protects your {{brand}} account.',
    intro:
      'A second factor was removed from your {{brand}} account: an authenticator app, recovery codes or a security key. It no longer protects the account.',
  },
  recovered: {
    subject: 'Your account was recovered',
    preheader: 'Somebody, probably you, is back in your {{brand}} account.',
    intro_link: 'Somebody, probably you, got back into your {{brand}} account with a recovery link.',
    intro_code: 'Somebody, probably you, got back into your {{brand}} account with a recovery code.',
  },
  recovery_unfinished: {
    subject: 'A recovery of your account was not finished',
    preheader: 'Somebody, probably you, began to recover your {{brand}} account.',
    intro:
      'Somebody, probably you, began to recover your {{brand}} account, but did not finish. You can sign in as before. Other devices have been signed out.',
    intro_contained:
      'Somebody, probably you, began to recover your {{brand}} account, but did not finish. The account stays locked: nobody can sign in until it is recovered.',
    again: 'If you still want to recover your account, start again.',
    locked: 'To get back in, ask for another recovery link: {{support}}',
    locked_unnamed: 'To get back in, ask the people who look after your {{brand}} account for another recovery link.',
  },
  address_changed: {
    subject: 'The addresses of your account were changed',
    preheader: 'The addresses of your {{brand}} account were changed.',
    intro:
      'The email addresses or phone numbers of your {{brand}} account were changed. You get this message at an address that the account had before.',
  },
  address_changed_undo: {
    subject: 'The addresses of your account were changed',
    preheader: 'If you did not expect it, you can undo it.',
    intro:
      'The email addresses of your {{brand}} account were changed. You get this message at an address that the account had before. It goes on working for a while.',
    lead: 'If you do not want this change, undo it:',
    action: 'Undo the change',
  },
  notice_digest: {
    subject: 'Much has happened in your account',
    preheader: 'Your {{brand}} account was changed many times.',
    intro:
      'Your {{brand}} account was changed more often within an hour than you get messages for. This has happened besides:',
    recovered: 'Recoveries',
    recovery_unfinished: 'Recoveries not finished',
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
    preheader: 'Your {{brand}} account can now be opened with {{provider}}.',
    intro: 'Sign-in with {{provider}} was connected to your {{brand}} account. The account can now be opened with it.',
  },
  social_disconnected: {
    subject: 'Sign-in with {{provider}} was disconnected',
    preheader: 'Your {{brand}} account can no longer be opened with {{provider}}.',
    intro:
      'Sign-in with {{provider}} was disconnected from your {{brand}} account. The account can no longer be opened with it.',
  },
};

type Texts<Of> = { readonly [Key in keyof Of]: Of[Key] extends string ? string : Texts<Of[Key]> };

/** What a language must say. */
export type Words = Texts<typeof en>;

/** For languages with a plural form for millions. */
export type ManyForms = { readonly [Key in 'once_minutes_many' | 'once_hours_many']: string };
