/**
 * Pages: what a person sees at /ui, rendered on the server, without scripts.
 *
 * Owns: the pages, their words, their stylesheet, their security headers.
 * Does not own: flows and what may be done in them; it reads them through the services, like any client.
 * May call: every module. An edge: nothing calls it.
 */
export { PagesModule } from './pages.module.js';
