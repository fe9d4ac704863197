import type { VNode } from 'preact';
import { MessageId, type UiText } from '../../platform/ui/index.js';
import { formsOf, hasErrors } from '../form.js';
import { Page } from '../page.js';
import type { FlowBody, Site } from '../wire.js';
import { Ask } from './ask.js';
import { FlowForm } from './form.js';
import { Messages } from './notice.js';

interface RecoveryProps {
  site: Site;
  flow: FlowBody;
  /** whether links and codes can be mailed; without mail the form would be useless */
  mail: boolean;
  signInUrl: string;
}

/** Page titles for messages which say that the link doesn't work. */
const DEAD_LINK: Record<number, string> = {
  [MessageId.RecoveryTokenInvalid]: 'This link no longer works',
  [MessageId.RecoveryFlowExpired]: 'This link has expired',
  [MessageId.RecoveryRetrySuccess]: 'This link has been used',
  [MessageId.RecoveryStateFailure]: 'This link no longer works',
};

/** The API uses the same label for the button that sends a code and the one that submits it. */
const CODE_ENTERED = { [MessageId.LabelContinue]: 'Continue' };

export function RecoveryPage({ site, flow, mail, signInUrl }: RecoveryProps): VNode {
  const messages = flow.ui.messages ?? [];
  const code = flow.ui.nodes.some(({ attributes }) => attributes.name === 'code');
  const forms = mail || code ? formsOf(flow.ui) : [];
  const dead = messages.find(({ id }) => id in DEAD_LINK);
  const sent = messages.some(({ type }) => type === 'info');
  return (
    <Page site={site} title={titleOf(dead, sent, code)} refused={forms.some(hasErrors)}>
      <Messages messages={messages} />
      {forms.length === 0 ? (
        <WithoutForm site={site} again={dead !== undefined} />
      ) : (
        !sent &&
        (code ? (
          <EnterCode />
        ) : (
          <Offer again={dead !== undefined} secret={forms.some(({ group }) => group === 'code') ? 'code' : 'link'} />
        ))
      )}
      {forms.map((form, i) => (
        <FlowForm
          action={flow.ui.action}
          form={form}
          labels={code ? CODE_ENTERED : undefined}
          main={i === 0}
          focus={dead ? undefined : form.fields[0]?.attributes.name}
        />
      ))}
      <p class="aside">
        {dead ? 'Already chosen a new password? ' : 'Know your password? '}
        <a href={signInUrl}>Sign in</a>
      </p>
    </Page>
  );
}

function titleOf(dead: UiText | undefined, sent: boolean, code: boolean): string {
  if (dead && code) return 'This code no longer works';
  if (dead) return DEAD_LINK[dead.id] ?? 'This link no longer works';
  if (code && !sent) return 'Enter your code';
  return sent ? 'Check your email' : 'Recover your account';
}

function Offer({ again, secret }: { again: boolean; secret: 'code' | 'link' }): VNode {
  return (
    <p class="lead">
      {again ? 'We can send you a new one. ' : ''}Enter your email address and we’ll send you a recovery {secret}.
    </p>
  );
}

/** For an administrator's code, or a mistyped one. */
function EnterCode(): VNode {
  return <p class="lead">Enter the six-digit code you were given. It works once and for a limited time.</p>;
}

/** Without mail, or without a field to fill in, support must hand over the link. */
function WithoutForm({ site, again }: { site: Site; again: boolean }): VNode {
  return (
    <section class="next" aria-labelledby="next">
      <h2 id="next">What to do now</h2>
      <p>
        <Ask site={site} what={again ? 'a new recovery link' : 'a recovery link'} />
      </p>
      <p>It signs you in once, so you can choose a new password.</p>
    </section>
  );
}
