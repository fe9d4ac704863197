import { Injectable } from '@nestjs/common';
import type { VNode } from 'preact';
import { RegainConfig, Urls } from '../config/index.js';
import { Answer } from '../platform/http/index.js';
import { pageHeaders } from './content-security.js';
import { type ErrorFacts, errorWords, type NextStep } from './error-words.js';
import { toHtml } from './page.js';
import { STYLESHEET_URL } from './stylesheet.js';
import { ErrorPage } from './views/error.js';
import type { Site } from './wire.js';

/** Turns a page into an answer with the headers that every page has. */
@Injectable()
export class PageAnswers {
  readonly site: Site;

  constructor(
    { ui }: RegainConfig,
    private readonly urls: Urls,
  ) {
    this.site = { brand: ui.brand.name, support: ui.support, stylesheet: STYLESHEET_URL };
  }

  /**
   * @param returnTo where a form of this page may lead, in addition to the configured places
   * @param providers origins that its buttons lead to
   */
  page(
    page: VNode,
    {
      status = 200,
      returnTo,
      providers = [],
    }: { status?: number; returnTo?: string | undefined; providers?: readonly string[] } = {},
  ): Answer {
    const targets = [this.urls.public(''), ...this.urls.uiOrigins(), returnTo, ...providers];
    return Answer.html(status, toHtml(page)).withHeaders(pageHeaders(targets));
  }

  /** @param reference id that support can look up */
  error(facts: ErrorFacts, reference: string, status = facts.status): Answer {
    const words = errorWords(facts);
    const next =
      facts.wayOut === undefined
        ? words.next && this.#step(words.next)
        : { url: facts.wayOut, label: 'Email me a link' };
    return this.page(ErrorPage({ site: this.site, words, reference, next }), { status });
  }

  #step(step: NextStep): { url: string; label: string } {
    switch (step) {
      case 'sign-in':
        return { url: this.urls.public('/self-service/login/browser'), label: 'Sign in' };
      case 'settings':
        return { url: this.urls.public('/self-service/settings/browser'), label: 'Go to your account' };
      case 'home':
        return { url: this.urls.ui('welcome'), label: 'Start again' };
    }
  }
}
