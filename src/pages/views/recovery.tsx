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
  /** whether links and codes can be mailed; without mail the form would only raise hopes */
  mail: boolean;
  signInUrl: string;
}

/** Messages that say the link that led here is of no use; the second says which words fit. */
const DEAD_LINK: Record<number, string> = {
  [MessageId.RecoveryTokenInvalid]: 'This link no longer works',
  [MessageId.RecoveryFlowExpired]: 'This link has expired',
  [MessageId.RecoveryRetrySuccess]: 'This link has been used',
  [MessageId.RecoveryStateFailure]: 'This link no longer works',
};

/** The wire names the button that sends a code as it names the one that takes it. */
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
        !sent && (code ? <EnterCode /> : <Offer again={dead !== undefined} />)
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
        {dead ? 'Have you already chosen a new password? ' : 'Do you know your password? '}
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

function Offer({ again }: { again: boolean }): VNode {
  return (
    <p class="lead">
      {again ? 'We can send you a new one. ' : ''}Enter the email address of your account, and we send you what you need
      to get back in.
    </p>
  );
}

/** An administrator's code, or one that was mistyped. */
function EnterCode(): VNode {
  return <p class="lead">Enter the six digits that you were given. They work once and only for a limited time.</p>;
}

/** No mail, or nothing to fill in: somebody has to hand the link over. */
function WithoutForm({ site, again }: { site: Site; again: boolean }): VNode {
  return (
    <section class="next" aria-labelledby="next">
      <h2 id="next">What to do now</h2>
      <p>
        <Ask site={site} what={again ? 'a new recovery link' : 'a recovery link'} />
      </p>
      <p>With it you can sign in once and choose a new password.</p>
    </section>
  );
}
