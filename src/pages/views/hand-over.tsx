import type { VNode } from 'preact';
import { MessageId, type UiNode } from '../../platform/ui/index.js';
import { type FormModel, valueText } from '../form.js';
import type { Site } from '../wire.js';
import { labelOf } from '../words.js';
import { Ask } from './ask.js';
import { FlowForm } from './form.js';

/* Parts of the settings page for a recovered account, during the hand-over and afterwards. */

interface Props {
  action: string;
  form: FormModel;
}

export function OnThisDevice(): VNode {
  return (
    <p>
      Finish on this device: to continue on another one, you need a code or a new link. Until you’re done, your old
      password and connected accounts don’t work.
    </p>
  );
}

export function CancelHandOver({ action, form, site }: Props & { site: Site }): VNode {
  const contained = form.buttons.some(({ meta }) => meta.label?.id === MessageId.LabelCancelContained);
  return (
    <section class="aside" aria-labelledby="give-up">
      <h2 id="give-up">Changed your mind?</h2>
      {contained ? (
        <p>
          You’ll be signed out, and your account stays locked: your old password won’t work either.{' '}
          <Ask site={site} what="another recovery link if you need one" />
        </p>
      ) : (
        <p>You’ll be signed out here. You can then sign in with your previous password.</p>
      )}
      <FlowForm action={action} form={form} main={false} />
    </section>
  );
}

/** Removing someone else’s way in must be as easy as keeping one’s own. */
export function StillYours({ action, form }: Props): VNode {
  const ways = new Map<unknown, UiNode[]>();
  for (const button of form.buttons)
    ways.set(button.attributes.value, [...(ways.get(button.attributes.value) ?? []), button]);
  return (
    <section aria-labelledby="still-yours">
      <h2 id="still-yours">Still yours?</h2>
      <p>
        These were part of your account before the recovery. They don’t work, and get no recovery mail, until you
        confirm that they’re yours. Remove anything you don’t know.
      </p>
      <form action={action} method="post">
        {form.hidden.map(({ attributes }) => (
          <input type="hidden" name={attributes.name} value={valueText(attributes.value)} />
        ))}
        {[...ways.values()].map((buttons) => (
          <Way buttons={buttons} />
        ))}
      </form>
    </section>
  );
}

const KINDS: Readonly<Record<string, string>> = { account: 'connected account', address: 'recovery address' };
const SHORT: Readonly<Record<string, string>> = { keep: 'Still mine', remove: 'Remove' };

/** For screen readers, the buttons’ own labels name what they keep or remove. */
function Way({ buttons }: { buttons: readonly UiNode[] }): VNode {
  const { name, kind } = buttons[0]?.meta.label?.context ?? {};
  return (
    <div class="way">
      <p>
        <strong>{String(name)}</strong> <span class="hint">{KINDS[String(kind)]}</span>
      </p>
      <div class="buttons">
        {buttons.map((node) => (
          <button
            type="submit"
            name={node.attributes.name}
            value={valueText(node.attributes.value)}
            class="quiet"
            aria-label={labelOf(node)}
          >
            {SHORT[node.attributes.name] ?? labelOf(node)}
          </button>
        ))}
      </div>
    </div>
  );
}

export function WhatEnded(): VNode {
  return (
    <p>
      You’re signed in on this device only. Your password from before the recovery and all other recovery links and
      codes no longer work.
    </p>
  );
}
