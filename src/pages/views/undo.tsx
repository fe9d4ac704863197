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

/** The page that the undo link opens, which an address gets when it is replaced. It reads nothing about the link. */
export function UndoPage({ site, action, token }: UndoProps): VNode {
  return (
    <Page site={site} title="Undo the address change">
      <p class="lead">This gives your account its previous email addresses back. Nothing happens until you continue.</p>
      <form action={action} method="post">
        <input type="hidden" name="token" value={token} />
        <div class="buttons">
          <button type="submit" class="main">
            Undo the change
          </button>
        </div>
      </form>
      <p class="aside">Wanted the change? Close this page, and everything stays as it is.</p>
    </Page>
  );
}

export function UndonePage({ site }: { site: Site }): VNode {
  return (
    <Page site={site} title="The change has been undone">
      <p class="lead">Your account has its previous email addresses again.</p>
      <p>
        If you didn’t ask for the change, someone else may try again. <Ask site={site} what="help with your account" />
      </p>
    </Page>
  );
}
