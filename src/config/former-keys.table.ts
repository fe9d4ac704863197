/** A former key of Kratos, and its replacement. */
interface FormerKey {
  /** A star matches one name. Also covers everything below the path. */
  readonly path: string;
  /** What to write instead. */
  readonly now: string;
}

const UI_URLS = 'serve.public.base_url, selfservice.default_browser_return_url and selfservice.flows.*.ui_url';

export const FORMER_KEYS: readonly FormerKey[] = [
  { path: 'selfservice.whitelisted_return_urls', now: 'use selfservice.allowed_return_urls' },
  {
    path: 'identity.default_schema_url',

    now: 'list the schema in identity.schemas and put its id in identity.default_schema_id',
  },
  { path: 'serve.public.domain_aliases', now: 'there is one serve.public.base_url' },
  { path: 'courier.message_ttl', now: 'use courier.message_retries' },
  { path: 'selfservice.flows.*.request_lifespan', now: 'use lifespan' },
  { path: 'selfservice.logout', now: 'use selfservice.flows.logout' },
  { path: 'selfservice.strategies', now: 'use selfservice.methods' },
  { path: 'selfservice.settings', now: 'use selfservice.flows.settings' },
  { path: 'selfservice.login', now: 'use selfservice.flows.login' },
  { path: 'selfservice.registration', now: 'Regain does not support registration; remove it' },
  { path: 'selfservice.verify', now: 'Regain does not verify addresses; remove it' },
  { path: 'session.cookie_same_site', now: 'use session.cookie.same_site' },
  { path: 'secrets.session', now: 'use secrets.cookie' },
  { path: 'identity.traits', now: 'list the schema in identity.schemas' },
  { path: 'ttl', now: 'use session.lifespan' },
  { path: 'urls', now: `use ${UI_URLS}` },
];
