import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Help } from './views/ask.js';
import type { Site } from './wire.js';

interface Props {
  site: Site;
  title: string;
  /** a field of the form has an error: the window title says so, because screen readers read it first */
  refused?: boolean;
  children: ComponentChildren;
}

/** The layout of every page: brand, one card with one h1, and where to get help. */
export function Page({ site, title, refused = false, children }: Props): VNode {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${refused ? 'Please check: ' : ''}${title} · ${site.brand}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href={icon(site.brand)} />
        <link rel="stylesheet" href={site.stylesheet} />
      </head>
      <body>
        <header class="brand">
          <span class="mark" aria-hidden="true">
            {initial(site.brand)}
          </span>
          <span>{site.brand}</span>
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <Help site={site} />
        </footer>
      </body>
    </html>
  );
}

export function toHtml(page: VNode): string {
  return `<!doctype html>\n${renderToString(page)}\n`;
}

/** The brand's first letter or digit; a brand may begin with a bracket or an emoji. */
function initial(brand: string): string {
  return (/[\p{L}\p{N}]/u.exec(brand)?.[0] ?? '•').toUpperCase();
}

function icon(brand: string): string {
  const letter = renderToString(
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="9" fill="#0f6b62" />
      <text
        x="16"
        y="22.5"
        text-anchor="middle"
        font-family="system-ui,sans-serif"
        font-size="18"
        font-weight="700"
        fill="#fff"
      >
        {initial(brand)}
      </text>
    </svg>,
  );
  return `data:image/svg+xml,${encodeURIComponent(letter)}`;
}
