/**
 * Pages: what people see at /ui, rendered on the server, without scripts.
 *
 * Owns: the pages, their wording, stylesheet and security headers.
 * Does not own: flows and their rules; it reads them through services, like any client.
 * May call: every module. Nothing calls it.
 */
export { PagesModule } from './pages.module.js';
