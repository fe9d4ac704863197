import {
  type AccessTokenService,
  type AccessTokenView,
  type CreatedAccessToken,
  presentAccessToken,
  presentCreatedToken,
} from '../access/index.js';
import { Duration, DurationError } from '../platform/duration/index.js';
import { DomainError } from '../platform/errors/index.js';
import type { Io } from './io.js';
import { shortTime, textTable } from './text-table.js';

type Format = 'text' | 'json';

export interface CreateTokenOptions {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Go duration; default: the token never expires */
  readonly expiresIn?: string | undefined;
  /** operating-system user */
  readonly createdBy: string;
  readonly format: Format;
}

/** Exit code of all three commands: 0 done, 1 refused (reason on stderr). */
export function createAccessToken(tokens: AccessTokenService, options: CreateTokenOptions, io: Io): Promise<number> {
  const { name, scopes, createdBy, format } = options;
  return explained(io, async () => {
    const expiresIn = options.expiresIn === undefined ? undefined : Duration.parse(options.expiresIn);
    const created = await tokens.create({ name, scopes, expiresIn, source: 'command', createdBy });
    if (format === 'json') io.out(JSON.stringify(presentCreatedToken(created)));
    else printCreated(created, io);
  });
}

export function listAccessTokens(
  tokens: AccessTokenService,
  options: { readonly format: Format },
  io: Io,
): Promise<number> {
  return explained(io, async () => {
    const views = await tokens.list();
    if (options.format === 'json') io.out(JSON.stringify(views.map(presentAccessToken)));
    else printList(views, io);
  });
}

export function revokeAccessToken(
  tokens: AccessTokenService,
  { id, cascade = false, format }: { readonly id: string; readonly cascade?: boolean; readonly format: Format },
  io: Io,
): Promise<number> {
  return explained(io, async () => {
    const { revoked, ended } = await tokens.revoke(id, { cascade });
    if (format === 'json') return io.out(JSON.stringify({ id, state: 'revoked', was_active: revoked, ended }));
    io.out(revoked ? 'Revoked. Requests with this token are now refused.' : 'It was already revoked.');
    if (cascade) io.out(`Tokens created with it, also revoked: ${ended - (revoked ? 1 : 0)}.`);
  });
}

async function explained(io: Io, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof DurationError)) throw error;
    io.err(explain(error));
    return 1;
  }
}

function printCreated({ token, view }: CreatedAccessToken, io: Io): void {
  const rows = [
    ['token', token],
    ['id', view.id],
    ['name', view.name],
    ['scopes', view.scopes.join(' ')],
    ['expires', shortTime(view.expiresAt)],
  ];
  for (const [label = '', value = ''] of rows) io.out(`${label.padEnd(8)} ${value}`);
  io.err("The token won't be shown again. Keep it like a password: it grants everything its scopes allow.");
}

function printList(views: readonly AccessTokenView[], io: Io): void {
  if (views.length === 0) return io.out('No access tokens. To create one, see: regain access-tokens create --help');
  const head = ['ID', 'NAME', 'LAST FOUR', 'STATE', 'EXPIRES', 'LAST USED', 'SOURCE', 'SCOPES'];
  const rows = views.map((view) => [
    view.id,
    view.name,
    view.last4,
    view.state,
    shortTime(view.expiresAt),
    shortTime(view.lastUsedAt),
    view.source,
    view.scopes.join(' '),
  ]);
  for (const line of textTable(head, rows)) io.out(line);
}

function explain(error: DomainError | DurationError): string {
  if (error instanceof DurationError) return `--expires-in ${error.message}.`;
  return error.status === 404 ? 'No such access token.' : (error.reason ?? error.message);
}
