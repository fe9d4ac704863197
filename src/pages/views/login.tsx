import type { VNode } from 'preact';
import { MessageId } from '../../platform/ui/index.js';
import { type FormModel, formsOf, hasErrors, valueOf, valueText } from '../form.js';
import { Page } from '../page.js';
import type { FlowBody, Site } from '../wire.js';
import { Ask } from './ask.js';
import { FlowForm } from './form.js';
import { Messages, Notice } from './notice.js';

interface LoginProps {
  site: Site;
  flow: FlowBody;
  /** where a recovery can be started; absent where people cannot do so by themselves */
  recoveryUrl?: string;
  /** of a person who confirms who they are: where to sign out instead */
  signOutUrl?: string;
}

export function LoginPage({ site, flow, recoveryUrl, signOutUrl }: LoginProps): VNode {
  const refresh = flow.refresh === true;
  const all = formsOf(flow.ui);
  const forms = all.filter(({ group }) => group !== 'oidc');
  const providers = all.find(({ group }) => group === 'oidc');
  const account = refresh ? valueOf(flow.ui, 'identifier') : undefined;
  const said = flow.ui.messages ?? [];
  const contained = said.some(({ id }) => id === MessageId.AccountContained);
  const messages = said.filter(({ id }) => !SAID_HERE.has(id));
  return (
    <Page site={site} title={titleOf(refresh, all.length > 0)} refused={forms.some(hasErrors)}>
      {refresh && (
        <p class="lead">
          {account === undefined ? (
            'You are signed in, but '
          ) : (
            <>
              You are signed in as <strong>{account}</strong>, but{' '}
            </>
          )}
          the time for changing your password or your address has run out.
          {forms.length > 0 && ' Enter your password once more to go on.'}
        </p>
      )}
      {contained && <Contained site={site} />}
      <Messages messages={messages} />
      {forms.map((form, i) => (
        <FlowForm
          action={flow.ui.action}
          form={form}
          main={i === 0}
          focus={form.fields.find(({ attributes }) => valueText(attributes.value) === '')?.attributes.name}
          account={account}
        />
      ))}
      {providers !== undefined && <Providers action={flow.ui.action} form={providers} alone={forms.length === 0} />}
      {refresh && all.length === 0 ? (
        <AnotherLink site={site} />
      ) : (
        <WithoutPassword site={site} recoveryUrl={recoveryUrl} />
      )}
      {signOutUrl !== undefined && (
        <p class="aside">
          <a href={signOutUrl}>Sign out</a>
        </p>
      )}
    </Page>
  );
}

/** In the lead, and with whom to ask. */
const SAID_HERE = new Set<number>([MessageId.ConfirmItIsYou, MessageId.AccountContained]);

function Contained({ site }: { site: Site }): VNode {
  return (
    <Notice kind="error">
      <p>This account is locked, so that nobody gets in with an old password. It opens again with a recovery link.</p>
      <p>
        <Ask site={site} what="a recovery link" />
      </p>
    </Notice>
  );
}

/** Accounts elsewhere that people sign in with. */
function Providers({ action, form, alone }: { action: string; form: FormModel; alone: boolean }): VNode {
  return (
    <section aria-labelledby="providers">
      <h2 id="providers">
        {alone ? 'With an account that you have connected' : 'Or with an account that you have connected'}
      </h2>
      <FlowForm action={action} form={form} main={alone} />
    </section>
  );
}

function titleOf(refresh: boolean, possible: boolean): string {
  if (!refresh) return 'Sign in';
  return possible ? 'Confirm that it is you' : 'You need another recovery link';
}

/** Signed in by a link whose time is over, and no password to confirm with: there is nothing to fill in. */
function AnotherLink({ site }: { site: Site }): VNode {
  return (
    <section class="next" aria-labelledby="next">
      <h2 id="next">What to do now</h2>
      <p>
        Your account has no password yet. To choose one, you need another recovery link. <Ask site={site} what="one" />
      </p>
    </section>
  );
}

/** Whoever has no password, or none any more, cannot get further here: what to do instead. */
function WithoutPassword({ site, recoveryUrl }: { site: Site; recoveryUrl: string | undefined }): VNode {
  return (
    <section class="aside" aria-labelledby="without-password">
      <h2 id="without-password">No password yet, or forgotten it?</h2>
      <p>
        {recoveryUrl === undefined ? (
          <>
            You need a recovery link, also if you have used one before. <Ask site={site} what="one" />
          </>
        ) : (
          <>
            You need a recovery link, also if you have used one before. <a href={recoveryUrl}>Recover your account</a>
          </>
        )}
      </p>
    </section>
  );
}
