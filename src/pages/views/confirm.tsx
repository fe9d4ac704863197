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
  /** goes with the nonce cookie: shows that this page was seen before the form was sent */
  proof: string;
  /** the account that this browser is signed in to */
  signedInAs?: string | undefined;
}

/** Where a recovery link leads. It knows nothing of the link, so it is the same for good and bad ones. */
export function ConfirmPage({ site, action, flow, token, proof, signedInAs }: ConfirmProps): VNode {
  return (
    <Page site={site} title="Get back into your account">
      <p class="lead">
        This link signs you in once, so that you can choose a new password. Nothing happens until you continue.
      </p>
      {signedInAs !== undefined && (
        <Notice kind="info">
          <p>
            You are signed in as <strong>{signedInAs}</strong>.
          </p>
          <p>Continuing signs you in as the account that the link belongs to instead.</p>
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
      <p class="aside">You did not expect a link? Then close this page: your account stays as it is.</p>
    </Page>
  );
}
