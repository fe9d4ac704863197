import type { VNode } from 'preact';
import { Page } from '../page.js';
import type { Site } from '../wire.js';
import { Ask } from './ask.js';

interface UndoProps {
  site: Site;
  /** where the form is posted */
  action: string;
  token: string;
}

/** Where the link leads that an address got when it was replaced. It knows nothing of the link. */
export function UndoPage({ site, action, token }: UndoProps): VNode {
  return (
    <Page site={site} title="Undo the change of addresses">
      <p class="lead">
        This gives your account the email addresses back that it had before. Nothing happens until you continue.
      </p>
      <form action={action} method="post">
        <input type="hidden" name="token" value={token} />
        <div class="buttons">
          <button type="submit" class="main">
            Undo the change
          </button>
        </div>
      </form>
      <p class="aside">You wanted the change? Then close this page: everything stays as it is.</p>
    </Page>
  );
}

export function UndonePage({ site }: { site: Site }): VNode {
  return (
    <Page site={site} title="The change was undone">
      <p class="lead">Your account has the email addresses back that it had before.</p>
      <p>
        If you did not ask for the change, somebody else may try again.{' '}
        <Ask site={site} what="help with your account" />
      </p>
    </Page>
  );
}
