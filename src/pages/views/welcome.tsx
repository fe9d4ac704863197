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
    /** signed in by a recovery link or code and still allowed to choose a password */
    mayChoosePassword: boolean;
    signOutUrl?: string;
  };
}

/** Where people come out when no application asked for them. */
export function WelcomePage({ site, person, settingsUrl, signInUrl }: WelcomeProps): VNode {
  if (!person) {
    return (
      <Page site={site} title="You are signed out">
        <p class="lead">Sign in to see and change your account.</p>
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
    <Page site={site} title={firstName === undefined ? 'You are signed in' : `Hello, ${firstName}`}>
      <p class="lead">
        You are signed in as <strong>{account}</strong>.
      </p>
      {mayChoosePassword && (
        <Notice kind="info">
          You came in with a recovery link, which does not work again. If you have not chosen a password yet, do it now.
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
