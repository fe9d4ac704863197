import type { ComponentChildren, VNode } from 'preact';
import type { UiText } from '../../platform/ui/index.js';
import { words } from '../words.js';

type NoticeKind = UiText['type'];

const SIGN: Record<NoticeKind, string> = {
  info: 'M10 9v5M10 6.2v.1',
  success: 'M6 10.4l2.8 2.8L14.2 7.4',
  error: 'M10 5.6v5.4M10 14v.1',
};
const SPOKEN: Record<NoticeKind, string> = { info: 'Note: ', success: 'Done: ', error: 'Problem: ' };

/** A message about the whole page. A sign and a word show its kind, not colour alone. */
export function Notice({ kind, children }: { kind: NoticeKind; children: ComponentChildren }): VNode {
  return (
    <div class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Sign kind={kind} />
      <div>
        <span class="spoken">{SPOKEN[kind]}</span>
        {children}
      </div>
    </div>
  );
}

export function Sign({ kind }: { kind: NoticeKind }): VNode {
  return (
    <svg class="sign" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="9" />
      <path d={SIGN[kind]} />
    </svg>
  );
}

/** The flow's own messages, in plain words. */
export function Messages({ messages = [] }: { messages?: readonly UiText[] }): VNode {
  return (
    <>
      {messages.map((message) => (
        <Notice kind={message.type}>{words(message)}</Notice>
      ))}
    </>
  );
}
