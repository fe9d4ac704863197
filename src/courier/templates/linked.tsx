import type { VNode } from 'preact';
import { LINK_STYLE } from './styles.js';

const ADDRESS = String.raw`[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:.]+`;
const LINK = String.raw`https?:\/\/[^\s<>()"]*[^\s<>()".,;:!?]`;

/** A text whose mail and web addresses are links. */
export function Linked({ text }: { text: string }): VNode {
  const parts = text.split(new RegExp(`(${ADDRESS}|${LINK})`, 'gi'));
  return (
    <>
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          <a href={/^https?:/i.test(part) ? part : `mailto:${part}`} class="link" style={LINK_STYLE}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
