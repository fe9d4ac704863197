import type { VNode } from 'preact';
import type { FormModel } from '../form.js';
import { FlowForm } from './form.js';

/* What the settings page says of an account that was recovered: while it is being handed over, and after. */

interface Props {
  action: string;
  form: FormModel;
}

export function OnThisDevice(): VNode {
  return (
    <p>
      This recovery stays on this device. To go on with another one, you need a code or a new link. Until you are done,
      your old password and connected accounts open nothing.
    </p>
  );
}

export function CancelHandOver({ action, form }: Props): VNode {
  return (
    <section class="aside" aria-labelledby="give-up">
      <h2 id="give-up">You did not need this?</h2>
      <p>You will be signed out here, and sign in with the password that you had.</p>
      <FlowForm action={action} form={form} main={false} />
    </section>
  );
}

/** A way in that came from somebody else must be as easy to leave out as one’s own is to keep. */
export function StillYours({ action, form }: Props): VNode {
  return (
    <section aria-labelledby="still-yours">
      <h2 id="still-yours">Still yours?</h2>
      <p>
        These were part of your account before the recovery. They open nothing, and get no recovery mail, until you say
        that they are yours. Leave whatever you do not know as it is.
      </p>
      <FlowForm action={action} form={form} main={false} />
    </section>
  );
}

export function WhatEnded(): VNode {
  return (
    <p>
      You are signed in on this device only. The password from before the recovery and all other recovery links and
      codes no longer work.
    </p>
  );
}
