import type { VNode } from 'preact';
import type { ErrorWords } from '../error-words.js';
import { Page } from '../page.js';
import type { Site } from '../wire.js';
import { Ask } from './ask.js';

interface ErrorProps {
  site: Site;
  words: ErrorWords;
  /** URL and label of the next step */
  next?: { url: string; label: string } | undefined;
  /** what support can look up: a stored error's id, or the request's */
  reference?: string;
}

export function ErrorPage({ site, words, next, reference }: ErrorProps): VNode {
  return (
    <Page site={site} title={words.title}>
      <p class="lead">{words.text}</p>
      {words.ask !== undefined && (
        <p>
          <Ask site={site} what={words.ask} />
        </p>
      )}
      {next !== undefined && (
        <div class="buttons">
          <a class="main" href={next.url}>
            {next.label}
          </a>
        </div>
      )}
      {reference !== undefined && (
        <p class="aside">
          When you ask for help, mention this number: <code>{reference}</code>
        </p>
      )}
    </Page>
  );
}
