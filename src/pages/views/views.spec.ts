import { describe, expect, test } from 'vitest';
import { flow, loginFlow, recoveryFlow, refreshing, settingsFlow, trait } from '../../../test/support/wire-flows.js';
import type { StoredMessage } from '../../platform/flow/index.js';
import { inputNode, label, MessageId, submitNode } from '../../platform/ui/index.js';
import { errorWords } from '../error-words.js';
import { toHtml } from '../page.js';
import type { FlowBody, Site } from '../wire.js';
import { ConfirmPage } from './confirm.js';
import { ErrorPage } from './error.js';
import { LoginPage } from './login.js';
import { RecoveryPage } from './recovery.js';
import { SettingsPage, type SettingsProps } from './settings.js';
import { WelcomePage } from './welcome.js';

const site: Site = { brand: 'Acme', support: 'help@acme.example', stylesheet: 'assets/style.css' };
const EVIL = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`;

const settings = (more: Partial<SettingsProps>): string =>
  toHtml(
    SettingsPage({
      site,
      flow: settingsFlow(),
      account: 'ada@example.com',
      privileged: true,
      recovered: false,
      minutesLeft: 14,
      passwordHint: 'At least 8 characters.',
      handedOver: false,
      continueUrl: 'https://app.example/',
      signInAgainUrl: 'https://id.example/again',
      signOutUrl: 'https://id.example/out',
      ...more,
    }),
  );

const confirm = (more: { site?: Site; signedInAs?: string; token?: string } = {}): string =>
  toHtml(
    ConfirmPage({
      site,
      action: 'https://id.example/self-service/recovery',
      flow: 'f-1',
      token: 't-1',
      proof: 'p-1',
      ...more,
    }),
  );
const login = (body: FlowBody, more: { recoveryUrl?: string; signOutUrl?: string; site?: Site } = {}): string =>
  toHtml(LoginPage({ site, flow: body, ...more }));
const recovery = (body: FlowBody, mail: boolean, where: Site = site): string =>
  toHtml(RecoveryPage({ site: where, flow: body, mail, signInUrl: 'https://id.example/in' }));

const buttonsOf = (html: string): string[] =>
  [...html.matchAll(/<button[^>]*>([^<]*)/g)].map(([, label = '']) => label);

const recovered = [{ id: MessageId.RecoverySucceeded, context: { minutes: 15 } }];
const tooShort = [{ id: MessageId.PasswordTooShort, context: { min_length: 8, actual_length: 3 } }];

const PAGES: Record<string, string> = {
  confirm: confirm({ signedInAs: EVIL, token: EVIL }),
  'recovery without mail': recovery(recoveryFlow([{ id: MessageId.RecoveryTokenInvalid }]), false),
  'recovery with mail': recovery(recoveryFlow(), true),
  'settings after recovery': settings({ flow: settingsFlow(recovered), recovered: true, account: EVIL }),
  'settings refused': settings({
    flow: settingsFlow([], tooShort, [
      trait('email', 'email', EVIL, [{ id: MessageId.AddressInvalid }]),
      trait(EVIL, 'text', EVIL),
    ]),
  }),
  'settings saved': settings({ flow: { ...settingsFlow([{ id: MessageId.SettingsSaved }]), state: 'success' } }),
  'settings too late': settings({ privileged: false, recovered: true }),
  login: login(loginFlow(EVIL, [{ id: MessageId.CredentialsInvalid }])),
  error: toHtml(
    ErrorPage({
      site,
      words: errorWords({ status: 404 }),
      next: { url: 'https://id.example/', label: EVIL },
      reference: EVIL,
    }),
  ),
  'welcome in': toHtml(
    WelcomePage({
      site,
      settingsUrl: '/s',
      signInUrl: '/i',
      person: { account: EVIL, firstName: EVIL, mayChoosePassword: true, signOutUrl: '/o' },
    }),
  ),
  'welcome out': toHtml(WelcomePage({ site, settingsUrl: '/s', signInUrl: '/i' })),
  'hostile brand': confirm({ site: { brand: EVIL, support: EVIL, stylesheet: 'assets/style.css' } }),
};

const all = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map((match) => match[1] ?? '');

/**
 * Quotes are escaped in texts, so each pair encloses an attribute's value. `>` is allowed there, but would break the
 * pattern.
 */
const withoutAngles = (html: string): string => html.replaceAll(/"[^"]*"/g, (value) => value.replaceAll('>', '&gt;'));

describe.each(Object.entries(PAGES).map(([name, html]) => [name, withoutAngles(html)] as const))(
  'every page: %s',
  (_, html) => {
    test('has a language, a title, one main heading and one main element', () => {
      expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect([
        html.match(/<h1>/g)?.length,
        html.match(/<main>/g)?.length,
        html.match(/<title>[^<]+<\/title>/g)?.length,
      ]).toEqual([1, 1, 1]);
    });

    test('has no scripts or inline styles, even with hostile content', () => {
      const tags = all(html, /<([a-z][^>]*)>/gi).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
      expect(
        tags.filter((tag) => /^(script|img|iframe|object|embed|style|base)\b|\son\w+=|\sstyle=/i.test(tag)),
      ).toEqual([]);
    });

    test('loads only its stylesheet and its own icon', () => {
      const loaded = all(html, /<link[^>]*href="([^"]*)"/g).map((address) => address.replace(/,.*/s, ''));
      expect(loaded).toEqual(['data:image/svg+xml', 'assets/style.css']);
      expect(all(html, /\ssrc="([^"]*)"/g)).toEqual([]);
    });

    test('labels every field, and refers only to existing descriptions', () => {
      const ids = all(html, /\sid="([^"]*)"/g);
      const fields = all(html, /<input ([^>]*)>/g).filter((attributes) => !/type="hidden"|\shidden/.test(attributes));
      const named = fields.map((attributes) => /\bid="([^"]*)"/.exec(attributes)?.[1]);
      expect(all(html, /<label[^>]*for="([^"]*)"/g).sort()).toEqual(named.sort());
      expect(new Set(ids).size).toBe(ids.length);
      const described = all(html, /aria-(?:describedby|labelledby)="([^"]*)"/g).flatMap((list) => list.split(' '));
      expect(described.filter((id) => !ids.includes(id))).toEqual([]);
    });

    test('says where to get help', () => {
      expect(html).toMatch(/<footer><p>Need help\? /);
    });
  },
);

describe('confirm', () => {
  test('posts flow, token and proof with one button', () => {
    const html = confirm();
    expect(html).toContain('<form action="https://id.example/self-service/recovery" method="post">');
    expect(all(html, /<input type="hidden" (name="[^"]*" value="[^"]*")/g)).toEqual([
      'name="flow" value="f-1"',
      'name="token" value="t-1"',
      'name="proof" value="p-1"',
    ]);
    expect(all(html, /<button[^>]*>([^<]*)/g)).toEqual(['Continue']);
  });

  test('warns a signed-in person that the link may be for another account', () => {
    expect(confirm({ signedInAs: 'grace@example.com' })).toContain(
      'You’re signed in as <strong>grace@example.com</strong>',
    );
    expect(confirm()).not.toContain('signed in as');
  });
});

describe('recovery', () => {
  test('without mail there is no form, and the page says where to get a new link', () => {
    const html = recovery(recoveryFlow([{ id: MessageId.RecoveryTokenInvalid }]), false);
    expect(html).not.toContain('<form');
    expect(html).toContain('Contact <a href="mailto:help@acme.example">help@acme.example</a> for a new recovery link.');
    expect(html).toContain('<h1>This link no longer works</h1>');
  });

  test('with mail the person can submit an address', () => {
    const html = recovery(recoveryFlow([{ id: MessageId.RecoveryFlowExpired, context: { minutes: 3 } }]), true);
    expect(html).toContain('<h1>This link has expired</h1>');
    expect(html).toMatch(/<input id="link-email" name="email" required[^>]*autocomplete="email"/);
    expect(html).toContain('Send me a recovery link');
  });

  test('of two buttons with the API label Continue, one sends a code and one submits it', () => {
    const go = submitNode('code', 'code', MessageId.LabelContinue);
    const email = { group: 'code', name: 'email', value: 'ada@example.com' };
    const ask = recovery(flow([inputNode({ ...email, type: 'email' }), go]), true);
    expect(buttonsOf(ask)).toEqual(['Send me a recovery code']);
    const resend = inputNode({ ...email, type: 'submit', label: label(MessageId.LabelResendCode) });
    const enter = recovery(flow([inputNode({ group: 'code', name: 'code', type: 'text' }), go, resend]), true);
    expect(buttonsOf(enter)).toEqual(['Continue', 'Send another code']);
  });

  test('a sentence as support, or none, still makes a sentence', () => {
    const said = recovery(recoveryFlow(), false, { ...site, support: 'Call 1234 or see https://acme.example/help.' });
    expect(said).toContain(
      'For a recovery link: Call 1234 or see <a href="https://acme.example/help">acme.example/help</a>.',
    );
    const nobody = recovery(recoveryFlow(), false, { ...site, support: undefined });
    expect(nobody).toContain('Contact support for a recovery link.');
  });
});

describe('settings', () => {
  test('after a recovery the password comes first, with the minutes left', () => {
    const html = settings({ flow: settingsFlow(recovered), recovered: true });
    expect(html).toContain('<h1>Choose a new password</h1>');
    expect(html).toContain('<strong>within the next 14 minutes</strong>');
    expect(html).toMatch(
      /<input id="password-password" name="password" required[^>]*autofocus[^>]*aria-describedby="password-password-hint"/,
    );
    expect(html).toContain('<details><summary>Your details</summary>');
  });

  /**
   * Regression: a refused password wipes the recovery's message from the flow, and the page no longer asked for a new
   * one.
   */
  test('after a refused password it still asks for one', () => {
    const html = settings({ flow: settingsFlow([], tooShort), recovered: true });
    expect(html).toContain('<h1>Choose a new password</h1>');
    expect(html).toContain('<title>Please check: Choose a new password · Acme</title>');
    expect(html).toMatch(/aria-describedby="password-password-error password-password-hint" aria-invalid="true"/);
    expect(html).toContain('This password is too short. Please use at least 8 characters; you used 3.');
  });

  test('once the time is over there is no password form but a way to continue, also without a password', () => {
    const html = settings({ flow: settingsFlow(recovered), privileged: false, recovered: true });
    expect(html).not.toContain('autocomplete="new-password"');
    expect(html).toContain('<a class="main" href="https://id.example/again">');
    expect(html).toContain('Then you need a new recovery link. Contact <a href="mailto:help@acme.example">');
    expect(settings({ privileged: false })).not.toContain('No password yet?');
  });

  test('after saving it offers to continue', () => {
    const html = settings({ flow: { ...settingsFlow([{ id: MessageId.SettingsSaved }]), state: 'success' } });
    expect(html).toContain('<h1>All set</h1>');
    expect(html).toContain('<a class="main" href="https://app.example/">Continue</a>');
  });

  test('an unticked box still sends false', () => {
    expect(settings({})).toContain('<input type="hidden" name="traits.newsletter" value="false"/>');
  });

  test('a zero is shown, a password never', () => {
    const html = settings({});
    expect(html).toMatch(/name="traits\.age"[^>]*value="0"/);
    expect(html).not.toMatch(/type="password"[^>]*value=/);
  });

  test("a password manager learns the account's name", () => {
    expect(settings({})).toContain(
      '<input type="text" autocomplete="username" value="ada@example.com" readonly hidden/>',
    );
  });
});

describe('login', () => {
  test('the form asks for name and password, and lets browsers fill them in', () => {
    const html = login(loginFlow());
    expect(html).toMatch(/name="identifier"[^>]*autofocus[^>]*autocomplete="username"/);
    expect(html).toMatch(/name="password"[^>]*autocomplete="current-password"/);
    expect(html).toContain('<button type="submit" name="method" value="password" class="main">Sign in</button>');
  });

  test('a person without a password is told what to do', () => {
    expect(login(loginFlow())).toContain('Contact <a href="mailto:help@acme.example">help@acme.example</a> for one.');
    expect(login(loginFlow(), { recoveryUrl: 'https://id.example/r' })).toContain(
      '<a href="https://id.example/r">Recover your account</a>',
    );
  });

  test('a confirmation only asks for the password', () => {
    const body = refreshing([
      inputNode({ group: 'default', name: 'identifier', type: 'hidden', value: 'ada@example.com' }),
      inputNode({
        group: 'password',
        name: 'password',
        type: 'password',
        autocomplete: 'current-password',
        label: label(MessageId.LabelPassword),
      }),
      submitNode('password', 'password', MessageId.LabelSignIn),
    ]);
    const html = login(body, { signOutUrl: '/o' });
    expect(html).toContain('You’re signed in as <strong>ada@example.com</strong>');
    expect(all(html, /<label[^>]*>([^<]*)/g)).toEqual(['Password']);
  });

  test('without a password, a confirmation asks for none', () => {
    const html = login(refreshing([]), { signOutUrl: '/o' });
    expect(html).toContain('<h1>You need a new recovery link</h1>');
    expect(html).not.toContain('<form');
  });
});

test('only http URLs become links', () => {
  const html = recovery(recoveryFlow(), false, { ...site, support: 'javascript:alert(1) or data:text/html,x' });
  expect(all(html, /<a href="([^"]*)"/g)).toEqual(['https://id.example/in']);
});

describe('an account during a hand-over', () => {
  const cancel = inputNode({
    group: 'hand_over',
    name: 'hand_over',
    type: 'submit',
    value: 'cancel',
    label: label(MessageId.LabelCancelHandOver),
  });
  const keep = (name: string, kind: string) =>
    inputNode({
      group: 'still_yours',
      name: 'keep',
      type: 'submit',
      value: name,
      label: label(MessageId.LabelKeep, { name, kind }),
    });
  const email = trait('email', 'email', 'ada@example.com', []);
  const open = (said: StoredMessage[] = recovered) =>
    settings({ flow: settingsFlow(said, [], [email, cancel]), recovered: true });

  test('shows the account, says to finish on this device, and offers to cancel; nothing else can be changed', () => {
    const html = open();
    expect(html).toContain('<strong>ada@example.com</strong>');
    expect(html).toContain('Finish on this device');
    expect(html).toContain('a code or a new link');
    expect(buttonsOf(html)).toEqual(['Save new password', 'Cancel, my password still works']);
    expect(html).not.toContain('Your details');
    expect(settings({ flow: settingsFlow(recovered), recovered: true })).not.toContain('Finish on this device');
  });

  test('does not promise the old password if the account stays locked', () => {
    const locked = { ...cancel, meta: { label: label(MessageId.LabelCancelContained) } };
    const html = settings({ flow: settingsFlow(recovered, [], [email, locked]), recovered: true });
    expect(html).toContain('your account stays locked');
    expect(html).toContain('another recovery link');
    expect(html).not.toContain('previous password');
    expect(buttonsOf(html)).toEqual(['Save new password', 'Cancel this recovery']);
    expect(open()).toContain('previous password');
  });

  test('says so also after the form’s first message is gone, and warns that someone tried the old password', () => {
    const html = open([{ id: MessageId.OldCredentialTried }]);
    expect(html).toContain('Finish on this device');
    expect(html).toContain('tried to get in with your old password');
  });

  test('asks by name what is still theirs', () => {
    const said = [{ id: MessageId.SettingsSaved }];
    const saved = { ...settingsFlow(said, [], [keep('acme', 'account'), keep(EVIL, 'address')]), state: 'success' };
    const html = settings({ flow: saved, recovered: true, handedOver: true });
    expect(html).toContain('Still yours?');
    expect(html).toContain('acme is still mine');
    expect(html).toContain('no longer work');
    expect(html).not.toContain(EVIL);
    expect(settings({ flow: saved, recovered: true })).not.toContain('no longer work');
    expect(settings({ flow: saved, handedOver: true })).not.toContain('no longer work');
    expect(settings({ flow: saved, recovered: true, privileged: false })).not.toContain('Still yours?');
  });

  test('sign-in says how long it is blocked, or where to get help', () => {
    const busy = login(loginFlow('ada', [{ id: MessageId.AccountBeingRecovered, context: { minutes: 45 } }]));
    expect(busy).toContain('in 45 minutes');
    const contained = login(loginFlow('ada', [{ id: MessageId.AccountContained }]));
    expect(contained).toMatch(
      /This account is locked.*<a href="mailto:help@acme.example">help@acme.example<\/a> for a recovery link/s,
    );
    expect(contained).not.toContain('Please contact support');
  });
});
