import type { VNode } from 'preact';
import { MessageId } from '../../platform/ui/index.js';
import { type FormModel, formOf, formsOf, hasErrors } from '../form.js';
import { Page } from '../page.js';
import type { FlowBody, Site } from '../wire.js';
import { inMinutes } from '../words.js';
import { Ask } from './ask.js';
import { FlowForm } from './form.js';
import { CancelHandOver, OnThisDevice, StillYours, WhatEnded } from './hand-over.js';
import { Messages, Notice } from './notice.js';

export interface SettingsProps {
  site: Site;
  flow: FlowBody;
  /** email address or user name of the account */
  account: string;
  /** whether the session may still change what lets people in; the database decides */
  privileged: boolean;
  /** signed in with a recovery link or code, so there may be no password to sign in with again */
  recovered: boolean;
  /** minutes until the privilege ends */
  minutesLeft: number;
  /** the rules for a new password */
  passwordHint: string;
  /**
   * recoveries hand accounts over, and this one is neither open nor abandoned: the recovered session has set a
   * credential
   */
  handedOver: boolean;
  continueUrl: string;
  signInAgainUrl: string;
  signOutUrl?: string;
}

export function SettingsPage(props: SettingsProps): VNode {
  const { site, flow, account, privileged, signOutUrl } = props;
  const messages = (flow.ui.messages ?? []).filter(({ id }) => id !== MessageId.RecoverySucceeded);
  const welcomed = messages.length < (flow.ui.messages ?? []).length;
  const saved = flow.state === 'success';
  const password = formOf(flow.ui, 'password');
  const [giveUp, suspended] = [formOf(flow.ui, 'hand_over'), formOf(flow.ui, 'still_yours')];
  // Without privilege, nothing that lets the person in can be changed. During a hand-over, the profile has to wait.
  const others = ['oidc', 'profile']
    .map((group) => formOf(flow.ui, group))
    .filter((form) => form !== undefined)
    .filter(({ group }) => (group === 'profile' ? giveUp === undefined : privileged));
  // A refused password clears the recovery's message from the flow, but the person still has to choose one.
  const choosing =
    privileged &&
    password !== undefined &&
    (welcomed || giveUp !== undefined || (props.recovered && hasErrors(password)));
  return (
    <Page site={site} title={titleOf(choosing, saved)} refused={formsOf(flow.ui).some(hasErrors)}>
      {choosing ? (
        <Recovered {...props} open={giveUp !== undefined} />
      ) : (
        <p class="lead">
          Signed in as <strong>{account}</strong>
        </p>
      )}
      <Messages messages={messages} />
      {saved && props.recovered && props.handedOver && <WhatEnded />}
      {privileged && suspended && <StillYours action={flow.ui.action} form={suspended} />}
      {saved && (
        <div class="buttons">
          <a class="main" href={props.continueUrl}>
            Continue
          </a>
        </div>
      )}
      {!privileged && password && <WindowOver {...props} />}
      {privileged && password && (
        <Section title="Password" form={password} folded={saved} bare={choosing}>
          <FlowForm
            action={flow.ui.action}
            form={password}
            account={account}
            main={!saved}
            hints={{ password: props.passwordHint }}
            focus={choosing ? 'password' : undefined}
          />
        </Section>
      )}
      {others.map((form) => (
        <Section
          title={form.group === 'profile' ? 'Your details' : 'Other ways to sign in'}
          form={form}
          folded={saved || (choosing && form.group === 'profile')}
        >
          <FlowForm action={flow.ui.action} form={form} main={false} />
        </Section>
      ))}
      {giveUp && <CancelHandOver action={flow.ui.action} form={giveUp} site={site} />}
      {signOutUrl !== undefined && (
        <p class="aside">
          <a href={signOutUrl}>Sign out</a>
        </p>
      )}
    </Page>
  );
}

function titleOf(choosing: boolean, saved: boolean): string {
  if (saved) return 'All set';
  return choosing ? 'Choose a new password' : 'Your account';
}

function Recovered({ account, minutesLeft, open }: SettingsProps & { open: boolean }): VNode {
  return (
    <Notice kind="success">
      <p>
        You’re back in your account <strong>{account}</strong>.
      </p>
      <p>
        Choose a new password <strong>{inMinutes(minutesLeft)}</strong>. After that, you’ll need to recover your account
        again.
      </p>
      {open && <OnThisDevice />}
    </Notice>
  );
}

/** The privileged time is over: the person must enter the password again, and without one needs a new link. */
function WindowOver({ site, recovered, signInAgainUrl }: SettingsProps): VNode {
  return (
    <section class="next" aria-labelledby="window-over">
      <h2 id="window-over">Confirm it’s you to change your password</h2>
      <p>For your security, you can only change it for a while after signing in.</p>
      {recovered && (
        <p>
          <strong>No password yet?</strong> Then you need a new recovery link. <Ask site={site} what="one" />
        </p>
      )}
      <div class="buttons">
        <a class="main" href={signInAgainUrl}>
          Sign in again
        </a>
      </div>
    </section>
  );
}

interface SectionProps {
  title: string;
  form: FormModel;
  /** collapsed until it is needed; never if it contains an error */
  folded: boolean;
  /** the page's title already names it */
  bare?: boolean;
  children: VNode;
}

function Section({ title, form, folded, bare = false, children }: SectionProps): VNode {
  if (bare && !folded) return children;
  if (folded && !hasErrors(form)) {
    return (
      <details>
        <summary>{title}</summary>
        {children}
      </details>
    );
  }
  const id = `section-${form.group}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
