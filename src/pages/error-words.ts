/** Where a person can go from an error page. */
export type NextStep = 'sign-in' | 'settings' | 'home';

export interface ErrorWords {
  readonly title: string;
  readonly text: string;
  readonly next?: NextStep;
  /** what to ask support for, if only they can help */
  readonly ask?: string;
}

/** What the page knows about an error. It doesn't know the reason, because some reasons quote parts of a URL. */
export interface ErrorFacts {
  readonly id?: string | undefined;
  /** `DomainError.kind` */
  readonly kind?: string | undefined;
  readonly status: number;
  /** how long to wait, in words */
  readonly wait?: string | undefined;
  /** where to request a link by mail instead of waiting */
  readonly wayOut?: string | undefined;
}

const START_AGAIN = 'Nothing has changed. Please start again.';

const BY_ID: Record<string, ErrorWords> = {
  security_csrf_violation: {
    title: 'This page has expired',
    text: 'It was opened in another window, or this browser doesn’t keep cookies, so we stopped to protect your account. Check that cookies are allowed, close other windows of this service, then start again.',
    next: 'home',
  },
  self_service_flow_return_to_forbidden: {
    title: 'We can’t take you back there',
    text: 'The page that sent you here asked us to take you to a site that this service doesn’t know. To be safe, we didn’t. Go back to the application you came from and start again there.',
    next: 'home',
  },
  session_refresh_required: {
    title: 'Please confirm it’s you',
    text: 'It’s been a while since you signed in. Sign in again to change your password or address. If you have no password, you need a new recovery link.',
    next: 'sign-in',
  },
  session_inactive: { title: 'You’re signed out', text: 'Please sign in to continue.', next: 'sign-in' },
  session_already_available: {
    title: 'You’re already signed in',
    text: 'To recover another account, sign out first.',
    next: 'settings',
  },
  security_identity_mismatch: {
    title: 'This page belongs to another account',
    text: 'It was opened while someone else was signed in. Nothing has changed.',
    next: 'settings',
  },
  self_service_flow_expired: { title: 'This page was open for too long', text: START_AGAIN, next: 'home' },
};

export const BY_KIND: Record<string, ErrorWords> = {
  recovery_link_incomplete: {
    title: 'This link is incomplete',
    text: 'If you copied it, copy all of it, down to the last character, and open it again. If that doesn’t help, you need a new one.',
    ask: 'a new recovery link',
  },
  recovery_flow_unknown: {
    title: 'This link no longer works',
    text: 'It may be too old or incomplete. If you copied it, make sure you copied all of it, down to the last character. Otherwise you need a new one.',
    ask: 'a new recovery link',
  },
  recovery_disabled: {
    title: 'You can’t recover your account here',
    text: 'This service doesn’t send recovery links on request.',
    ask: 'help with your account',
  },
  address_undo_refused: {
    title: 'This link no longer works',
    text: 'It may have been used already, or may be too old. If your account has addresses that aren’t yours, ask for help.',
    ask: 'help with your account',
  },
  recovery_mail_off: {
    title: 'We can’t send you email',
    text: 'This service doesn’t send email, so you can’t get a recovery link that way.',
    ask: 'a recovery link',
  },
};

const BY_STATUS: Record<number, ErrorWords> = {
  400: {
    title: 'That didn’t work',
    text: 'Something in the address was wrong. Nothing has changed.',
    next: 'home',
  },
  401: { title: 'You’re signed out', text: 'Please sign in to continue.', next: 'sign-in' },
  403: {
    title: 'This isn’t allowed',
    text: 'We couldn’t do what you asked for. Nothing has changed.',
    next: 'home',
  },
  404: { title: 'We can’t find this page', text: 'The address may be outdated or incomplete.', next: 'home' },
  410: { title: 'This page was open for too long', text: START_AGAIN, next: 'home' },
  413: { title: 'That’s too large', text: 'You sent more than we can accept. Please go back and shorten it.' },
  429: { title: 'Too many tries', text: 'Please wait a few minutes, then try again.' },
  503: {
    title: 'We’ll be right back',
    text: 'The service can’t answer right now. Nothing is lost: wait a minute, then try again.',
  },
};

const UNKNOWN: ErrorWords = {
  title: 'Something went wrong',
  text: 'This is our fault, not yours. Please try again in a few minutes.',
  next: 'home',
};

/** What happened and what to do: by the error's stable id, else by its kind, else by its status. */
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
