import type { VNode } from 'preact';
import { LINK_STYLE } from './styles.js';

const ADDRESS = String.raw`[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:.]+`;
const LINK = String.raw`https?:\/\/[^\s<>()"]*[^\s<>()".,;:!?]`;

/** Text in which mail and web addresses can be followed; nothing else becomes a link. */
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
