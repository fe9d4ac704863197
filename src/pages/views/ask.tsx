import type { ComponentChildren, VNode } from 'preact';
import type { Site } from '../wire.js';

const ADDRESS = String.raw`[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:.]+`;
const LINK = String.raw`https?:\/\/[^\s<>()"]*[^\s<>()".,;:!?]`;
const WHOLE = new RegExp(`^(?:${ADDRESS}|${LINK})$`, 'i');
const PARTS = new RegExp(`(${ADDRESS}|${LINK})`, 'i');

/** Text with its mail addresses and URLs as links; nothing else becomes a link. */
function Linked({ text }: { text: string }): VNode {
  const parts = text.split(new RegExp(PARTS.source, 'gi'));
  return <>{parts.map((part, i) => (i % 2 === 1 ? <a href={target(part)}>{readable(part)}</a> : part))}</>;
}

const target = (part: string): string => (/^https?:/i.test(part) ? part : `mailto:${part}`);
const readable = (part: string): string => part.replace(/^https?:\/\//i, '').replace(/\/$/, '');

/** Whether `support` is a single address rather than a sentence. */
const isAddress = (support: string): boolean => WHOLE.test(support);

/** Where to get something: `Contact help@example.com for a new recovery link.` */
export function Ask({ site, what }: { site: Site; what: string }): VNode {
  const support = site.support?.trim();
  if (!support) return <>{`Contact support for ${what}.`}</>;
  if (!isAddress(support))
    return (
      <>
        For {what}: <Linked text={support} />
      </>
    );
  return (
    <>
      Contact <Linked text={support} /> for {what}.
    </>
  );
}

/** The footer of every page. */
export function Help({ site }: { site: Site }): VNode {
  const support = site.support?.trim();
  return <p>Need help? {helpText(support)}</p>;
}

function helpText(support: string | undefined): ComponentChildren {
  if (!support) return 'Contact support.';
  return isAddress(support) ? (
    <>
      Contact <Linked text={support} />.
    </>
  ) : (
    <Linked text={support} />
  );
}
