import { Injectable } from '@nestjs/common';
import { SelfServiceConfig } from './sections/selfservice.config.js';
import { ServeConfig } from './sections/serve.config.js';

export type UiPage = 'error' | 'settings' | 'recovery' | 'login' | 'welcome';

type Query = Readonly<Record<string, string>>;

/** Builds all URLs that leave the server. Uses only the configuration, never a request. */
@Injectable()
export class Urls {
  constructor(
    private readonly serve: ServeConfig,
    private readonly selfservice: SelfServiceConfig,
  ) {}

  /** @param path starts with a slash @param query keeps its order */
  public(path: string, query?: Query): string {
    return withQuery(this.serve.public.base_url + path, query);
  }

  admin(path: string, query?: Query): string {
    return withQuery(this.serve.admin.base_url + path, query);
  }

  /** The configured page, otherwise the built-in one. `welcome` is the default return URL. */
  ui(page: UiPage, query?: Query): string {
    return withQuery(this.configured(page) ?? this.public(`/ui/${page}`), query);
  }

  /** Whether Regain serves the page itself. */
  isOwnPage(page: UiPage): boolean {
    const configured = this.configured(page);
    return configured === undefined || configured === this.public(`/ui/${page}`);
  }

  /** A recovery link. @param flow id of the flow @param token the one-time secret */
  recoveryLink(flow: string, token: string): string {
    const base = this.selfservice.methods.link.config.base_url ?? this.serve.public.base_url;
    return withQuery(`${base}/self-service/recovery`, { flow, token });
  }

  /** Origins whose pages may post forms here: our own, those of links, pages and return URLs, and named CORS origins. */
  formOrigins(): string[] {
    const { cors, base_url } = this.serve.public;
    const link = this.selfservice.methods.link.config.base_url;
    const named = cors.enabled ? cors.allowed_origins.filter((origin) => origin !== '*') : [];
    return [base_url, ...(link === undefined ? [] : [link]), ...this.uiOrigins(), ...named];
  }

  /** The distinct origins of configured pages and return URLs, for a page's `form-action`. */
  uiOrigins(): string[] {
    const { flows, default_browser_return_url, allowed_return_urls } = this.selfservice;
    const pages = [flows.error.ui_url, flows.settings.ui_url, flows.recovery.ui_url, flows.login.ui_url];
    const { settings, login, recovery, logout } = flows;
    const ways = [settings.after, login.after].flatMap((after) => [after, after.password, after.oidc, after.profile]);
    const ends = [...ways, recovery.after, logout.after].map((after) => after.default_browser_return_url);
    const origins = [...pages, default_browser_return_url, ...allowed_return_urls, ...ends]
      .map((address) => (address === undefined ? null : URL.parse(address)))
      .filter((url) => url?.protocol === 'http:' || url?.protocol === 'https:')
      .map((url) => url?.origin ?? '');
    return [...new Set(origins)];
  }

  private configured(page: UiPage): string | undefined {
    const address =
      page === 'welcome' ? this.selfservice.default_browser_return_url : this.selfservice.flows[page].ui_url;
    return address === '' ? undefined : address;
  }
}

function withQuery(address: string, query: Query = {}): string {
  const added = new URLSearchParams(query).toString();
  if (added === '') return address;
  const [beforeFragment = '', ...fragment] = address.split('#');
  const joint = beforeFragment.includes('?') ? '&' : '?';
  return [`${beforeFragment}${joint}${added}`, ...fragment].join('#');
}
