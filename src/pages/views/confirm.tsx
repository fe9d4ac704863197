import type { VNode } from 'preact';
import { Page } from '../page.js';
import type { Site } from '../wire.js';
import { Notice } from './notice.js';

interface ConfirmProps {
  site: Site;
  /** where the form is posted: the recovery endpoint */
  action: string;
  flow: string;
  token: string;
  /** matches the nonce cookie, and proves that this page was shown before the form was sent */
  proof: string;
  /** the account that this browser is signed in to */
  signedInAs?: string | undefined;
}

/**
 * The page that a recovery link opens. It reads nothing about the link, so it is the same for valid and invalid ones.
 */
export function ConfirmPage({ site, action, flow, token, proof, signedInAs }: ConfirmProps): VNode {
  return (
    <Page site={site} title="Get back into your account">
      <p class="lead">
        This link signs you in once, so you can choose a new password. Nothing happens until you continue.
      </p>
      {signedInAs !== undefined && (
        <Notice kind="info">
          <p>
            You’re signed in as <strong>{signedInAs}</strong>.
          </p>
          <p>If you continue, we’ll sign you out and into the account this link is for.</p>
        </Notice>
      )}
      <form action={action} method="post">
        <input type="hidden" name="flow" value={flow} />
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="proof" value={proof} />
        <div class="buttons">
          <button type="submit" name="method" value="link" class="main">
            Continue
          </button>
        </div>
      </form>
      <p class="aside">Didn’t expect this link? Close this page, and your account stays as it is.</p>
    </Page>
  );
}
