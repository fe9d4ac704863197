/** A key that Kratos had once. Files that were written for it are told what it is called now. */
interface FormerKey {
  /** A star stands for one name; everything below the path is meant, too. */
  readonly path: string;
  /** What to write instead. */
  readonly now: string;
}

const UI_URLS = 'serve.public.base_url, selfservice.default_browser_return_url and selfservice.flows.*.ui_url';

export const FORMER_KEYS: readonly FormerKey[] = [
  { path: 'selfservice.whitelisted_return_urls', now: 'say selfservice.allowed_return_urls' },
  {
    path: 'identity.default_schema_url',

    now: 'list the schema in identity.schemas, and its id in identity.default_schema_id',
  },
  { path: 'serve.public.domain_aliases', now: 'one serve.public.base_url is all there is' },
  { path: 'courier.message_ttl', now: 'say courier.message_retries' },
  { path: 'selfservice.flows.*.request_lifespan', now: 'say lifespan' },
  { path: 'selfservice.logout', now: 'say selfservice.flows.logout' },
  { path: 'selfservice.strategies', now: 'say selfservice.methods' },
  { path: 'selfservice.settings', now: 'say selfservice.flows.settings' },
  { path: 'selfservice.login', now: 'say selfservice.flows.login' },
  { path: 'selfservice.registration', now: 'Regain registers nobody: remove it' },
  { path: 'selfservice.verify', now: 'Regain verifies no addresses: remove it' },
  { path: 'session.cookie_same_site', now: 'say session.cookie.same_site' },
  { path: 'secrets.session', now: 'say secrets.cookie' },
  { path: 'identity.traits', now: 'list the schema in identity.schemas' },
  { path: 'ttl', now: 'say session.lifespan' },
  { path: 'urls', now: `say ${UI_URLS}` },
];
