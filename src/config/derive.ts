import { resolve } from 'node:path';
import { isNamed } from '../platform/tls/index.js';
import type { FileShape } from './file-shape.js';
import type { Report } from './report.js';
import type { ListenerConfig } from './sections/serve.config.js';
import { type Path, type Tree, valueAt } from './tree.js';

/** Fills in values derived from other keys. `file` isn't frozen yet; `tree` has what was actually configured. */
export function deriveValues(file: FileShape, tree: Tree, cwd: string, { warnings }: Report): void {
  for (const listener of [file.serve.public, file.serve.admin])
    put(listener, 'base_url', withoutSlash(listener.base_url) || ownAddress(listener));
  for (const listener of [file.serve.public, file.serve.admin]) resolvePaths(listener, cwd);
  const base = file.serve.public.base_url;

  const { link, oidc } = file.selfservice.methods;
  put(link.config, 'base_url', withoutSlash(link.config.base_url));
  put(oidc.config, 'base_redirect_uri', withoutSlash(oidc.config.base_redirect_uri));

  const given = (...path: string[]) => ![undefined, null].includes(valueAt(tree, path as Path) as undefined);
  for (const name of ['path', 'domain', 'same_site'] as const)
    if (!given('session', 'cookie', name)) put(file.session.cookie, name, file.cookies[name]);

  const { secrets } = file;
  if (secrets.default.length === 0) put(secrets, 'default', secrets.cookie);
  if (secrets.cookie.length === 0) put(secrets, 'cookie', secrets.default);
  if (secrets.cipher.length === 0) put(secrets, 'cipher', secrets.default);

  deriveReturnUrls(file, base);

  const { argon2 } = file.hashers;
  const least = LANE * argon2.parallelism;
  if (argon2.memory >= least) return;
  warnings.push(`hashers.argon2.memory: argon2 needs ${LANE}KB per lane of parallelism; using ${least}KB`);
  put(argon2, 'memory', least);
}

/** KiB of memory that argon2 needs per lane (RFC 9106, section 3.1). Kratos raises smaller values too. */
const LANE = 8;

/** Turns paths into URLs on the public listener's origin. The default return URL is the built-in welcome page. */
function deriveReturnUrls({ selfservice, regain }: FileShape, base: string): void {
  const absolute = (address: string) => (address.startsWith('/') ? new URL(base).origin + address : address);
  if (selfservice.default_browser_return_url === '' && regain.ui.enabled)
    put(selfservice, 'default_browser_return_url', `${base}/ui/welcome`);
  put(selfservice, 'default_browser_return_url', absolute(selfservice.default_browser_return_url));
  put(selfservice, 'allowed_return_urls', selfservice.allowed_return_urls.map(absolute));

  const { flows } = selfservice;
  for (const flow of [flows.error, flows.settings, flows.recovery, flows.login])
    if (flow.ui_url !== undefined) put(flow, 'ui_url', absolute(flow.ui_url));
  const returns = [flows.settings.after, flows.login.after].flatMap((after) => [
    after,
    after.password,
    after.oidc,
    after.code,
    after.profile,
  ]);
  for (const after of [...returns, flows.recovery.after, flows.logout.after])
    if (after.default_browser_return_url !== undefined)
      put(after, 'default_browser_return_url', absolute(after.default_browser_return_url));
}

function ownAddress({ tls, port }: ListenerConfig): string {
  return `${isNamed(tls) ? 'https' : 'http'}://127.0.0.1:${port}`;
}

/** Certificate paths are relative to the working directory, as in other servers. */
function resolvePaths({ tls }: ListenerConfig, cwd: string): void {
  for (const source of [tls.cert, tls.key]) if (source.path !== '') put(source, 'path', resolve(cwd, source.path));
}

function withoutSlash(address: string | undefined): string | undefined {
  return address?.replace(/\/+$/, '');
}

/** Sets a value in a section that is read-only elsewhere. */
function put<T extends object, K extends keyof T>(section: T, name: K, value: T[K] | undefined): void {
  Reflect.set(section, name, value);
}
