import type { VNode } from 'preact';
import { Page } from '../page.js';
import type { Site } from '../wire.js';
import { Notice } from './notice.js';

interface WelcomeProps {
  site: Site;
  settingsUrl: string;
  signInUrl: string;
  person?: {
    /** email address or user name */
    account: string;
    firstName?: string;
    /** signed in with a recovery link or code, and still allowed to choose a password */
    mayChoosePassword: boolean;
    signOutUrl?: string;
  };
}

/** The page for people who didn't come from an application. */
export function WelcomePage({ site, person, settingsUrl, signInUrl }: WelcomeProps): VNode {
  if (!person) {
    return (
      <Page site={site} title="You’re signed out">
        <p class="lead">Sign in to manage your account.</p>
        <div class="buttons">
          <a class="main" href={signInUrl}>
            Sign in
          </a>
        </div>
      </Page>
    );
  }
  const { account, firstName, mayChoosePassword, signOutUrl } = person;
  return (
    <Page site={site} title={firstName === undefined ? 'You’re signed in' : `Hello, ${firstName}`}>
      <p class="lead">
        You’re signed in as <strong>{account}</strong>.
      </p>
      {mayChoosePassword && (
        <Notice kind="info">
          You signed in with a one-time link or code. If you haven’t chosen a new password yet, do it now, so you can
          sign in next time.
        </Notice>
      )}
      <div class="buttons">
        <a class="main" href={settingsUrl}>
          {mayChoosePassword ? 'Choose a password' : 'Account settings'}
        </a>
        {signOutUrl !== undefined && (
          <a class="quiet" href={signOutUrl}>
            Sign out
          </a>
        )}
      </div>
    </Page>
  );
}
