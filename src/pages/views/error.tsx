import type { VNode } from 'preact';
import type { ErrorWords } from '../error-words.js';
import { Page } from '../page.js';
import type { Site } from '../wire.js';
import { Ask } from './ask.js';

interface ErrorProps {
  site: Site;
  words: ErrorWords;
  /** the next step's address and what it is called */
  next?: { url: string; label: string } | undefined;
  /** what helpers can look up: a stored error's id or the request's */
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
          If you ask for help, mention this number: <code>{reference}</code>
        </p>
      )}
    </Page>
  );
}
