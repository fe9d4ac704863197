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
  /** where to start a recovery; absent if people can't do so themselves */
  recoveryUrl?: string;
  /** for a person who confirms who they are: where to sign out instead */
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
            'You’re signed in. '
          ) : (
            <>
              You’re signed in as <strong>{account}</strong>.{' '}
            </>
          )}
          For your security, please confirm it’s you before changing your password or address.
          {forms.length > 0 && ' Enter your password to continue.'}
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

/** Messages that the page shows elsewhere: in the lead, and with support's address. */
const SAID_HERE = new Set<number>([MessageId.ConfirmItIsYou, MessageId.AccountContained]);

function Contained({ site }: { site: Site }): VNode {
  return (
    <Notice kind="error">
      <p>This account is locked, so nobody can get in with an old password. A recovery link unlocks it.</p>
      <p>
        <Ask site={site} what="a recovery link" />
      </p>
    </Notice>
  );
}

/** Buttons for provider accounts. */
function Providers({ action, form, alone }: { action: string; form: FormModel; alone: boolean }): VNode {
  return (
    <section aria-labelledby="providers">
      <h2 id="providers">{alone ? 'Use a connected account' : 'Or use a connected account'}</h2>
      <FlowForm action={action} form={form} main={alone} />
    </section>
  );
}

function titleOf(refresh: boolean, possible: boolean): string {
  if (!refresh) return 'Sign in';
  return possible ? 'Confirm it’s you' : 'You need a new recovery link';
}

/** The link that signed this person in has expired, and there is no password to confirm with, so there is no form. */
function AnotherLink({ site }: { site: Site }): VNode {
  return (
    <section class="next" aria-labelledby="next">
      <h2 id="next">What to do now</h2>
      <p>
        Your account has no password yet. To choose one, you need a new recovery link. <Ask site={site} what="one" />
      </p>
    </section>
  );
}

/** What to do without a password. */
function WithoutPassword({ site, recoveryUrl }: { site: Site; recoveryUrl: string | undefined }): VNode {
  return (
    <section class="aside" aria-labelledby="without-password">
      <h2 id="without-password">No password yet, or forgot it?</h2>
      <p>
        {recoveryUrl === undefined ? (
          <>
            You need a new recovery link. One you’ve already used won’t work again. <Ask site={site} what="one" />
          </>
        ) : (
          <>
            Ask for a new recovery link. One you’ve already used won’t work again.{' '}
            <a href={recoveryUrl}>Recover your account</a>
          </>
        )}
      </p>
    </section>
  );
}
