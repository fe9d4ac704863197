/** Where a person can go from an error page. */
export type NextStep = 'sign-in' | 'settings' | 'home';

export interface ErrorWords {
  readonly title: string;
  readonly text: string;
  readonly next?: NextStep;
  /** what to ask for, where only somebody else can help */
  readonly ask?: string;
}

/** What is known of an error when its page is made. Its reason is not: some quote what stood in a URL. */
export interface ErrorFacts {
  readonly id?: string | undefined;
  /** `DomainError.kind` */
  readonly kind?: string | undefined;
  readonly status: number;
  /** how long to wait, in words */
  readonly wait?: string | undefined;
  /** where to have a link mailed instead of waiting */
  readonly wayOut?: string | undefined;
}

const START_AGAIN = 'Nothing has been changed. Please start again.';

const BY_ID: Record<string, ErrorWords> = {
  security_csrf_violation: {
    title: 'This page has gone stale',
    text: 'It was opened in another window, or this browser does not keep cookies, so we stopped to protect your account. Close other windows of this service, allow cookies for it, and start again.',
    next: 'home',
  },
  self_service_flow_return_to_forbidden: {
    title: 'That way back is not allowed',
    text: 'The address that brought you here wanted to send you on to a place that this service does not know. To be safe, we did not follow it. Go back to the application that you came from and start again there.',
    next: 'home',
  },
  session_refresh_required: {
    title: 'Please confirm that it is you',
    text: 'It has been a while since you signed in. Sign in again to change your password or your address. Without a password, you need another recovery link.',
    next: 'sign-in',
  },
  session_inactive: { title: 'You are signed out', text: 'Please sign in to go on.', next: 'sign-in' },
  session_already_available: {
    title: 'You are signed in already',
    text: 'You can go on right away.',
    next: 'settings',
  },
  security_identity_mismatch: {
    title: 'This page belongs to another account',
    text: 'It was opened while somebody else was signed in. Nothing has been changed.',
    next: 'settings',
  },
  self_service_flow_expired: { title: 'This page was open for too long', text: START_AGAIN, next: 'home' },
};

export const BY_KIND: Record<string, ErrorWords> = {
  recovery_link_incomplete: {
    title: 'This link is not complete',
    text: 'If you copied it, copy the whole of it, to the very last character, and open it again. If that does not help, you need a new one.',
    ask: 'a new recovery link',
  },
  recovery_flow_unknown: {
    title: 'This link no longer works',
    text: 'It may be too old, or not complete. If you copied it, copy the whole of it, to the very last character. Otherwise you need a new one.',
    ask: 'a new recovery link',
  },
  recovery_disabled: {
    title: 'You cannot recover your account here',
    text: 'This service does not hand out recovery links by itself. Somebody has to give you one.',
    ask: 'help with your account',
  },
  address_undo_refused: {
    title: 'This link no longer works',
    text: 'It may have been used already, or be too old. If your account has addresses that are not yours, ask for help.',
    ask: 'help with your account',
  },
  recovery_mail_off: {
    title: 'We cannot send you email',
    text: 'This service sends no email, so nobody can get a recovery link that way.',
    ask: 'a recovery link',
  },
};

const BY_STATUS: Record<number, ErrorWords> = {
  400: {
    title: 'That did not work',
    text: 'We could not understand what this page was asked for. Nothing has been changed.',
    next: 'home',
  },
  401: { title: 'You are signed out', text: 'Please sign in to go on.', next: 'sign-in' },
  403: {
    title: 'This is not possible',
    text: 'We could not allow what you asked for. Nothing has been changed.',
    next: 'home',
  },
  404: { title: 'There is nothing here any more', text: 'The address may be too old or not complete.', next: 'home' },
  410: { title: 'This page was open for too long', text: START_AGAIN, next: 'home' },
  413: { title: 'That was too much', text: 'What you sent is larger than we can take. Please go back and shorten it.' },
  429: { title: 'Too many tries', text: 'Please wait a few minutes, then try again.' },
  503: {
    title: 'We will be right back',
    text: 'The service cannot answer at the moment. Nothing is lost: wait a minute, then try again.',
  },
};

const UNKNOWN: ErrorWords = {
  title: 'Something went wrong',
  text: 'This is our fault, not yours. Please try again in a few minutes.',
  next: 'home',
};

/** What happened and what to do, by the error's stable id, else by its kind, else by its status. */
export function errorWords({ id, kind, status, wait, wayOut }: ErrorFacts): ErrorWords {
  if (status === 429 && wait !== undefined && wayOut !== undefined)
    return {
      title: 'Too many tries',
      text: `Please wait ${wait}, then try again. If you don’t want to wait, we can email you a link that lets you in now.`,
    };
  if (status === 429 && wait !== undefined)
    return { title: 'Too many tries', text: `Please wait ${wait}, then try again.` };
  return own(BY_ID, id) ?? own(BY_KIND, kind) ?? BY_STATUS[status] ?? UNKNOWN;
}

function own(table: Record<string, ErrorWords>, key: string | undefined): ErrorWords | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
