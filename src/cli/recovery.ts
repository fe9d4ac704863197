import type { Configuration } from '../config/index.js';
import type { IdentityService, IdentityView } from '../identity/index.js';
import { BadRequest, DomainError } from '../platform/errors/index.js';
import { uuidOf } from '../platform/flow/index.js';
import {
  type GrantState,
  type GrantView,
  type Handover,
  presentCode,
  presentGrant,
  presentLink,
  type ListGrants,
  type RecoveryIssuing,
  type RevokeGrant,
  type RecoveryStandings,
} from '../recovery/index.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';
import { shortTime, textTable } from './text-table.js';
import { WrongUsage } from './wrong-usage.js';

export interface SecretOptions {
  /** id or identifier of an identity */
  identity: string;
  expiresIn?: string;
  /** mail the secret to this recovery address (or its id), or to the identity's oldest one, instead of printing it */
  deliver?: string | true;
  locale?: string;
  /** refuse to issue what the person couldn't use */
  strict?: boolean;
  /** block older credentials from now on; `keep_mail`: the person may still recover by mail */
  contain?: true | 'keep_mail';
  /** types of credentials to remove once a new one is set */
  reset?: string[];
  format: Format;
}

export interface GrantsOptions {
  /** id of an identity */
  identity?: string;
  state?: GrantState;
  format: Format;
}

/** Checks that need only the command line and the configuration. */
export function refuseWithoutMail(
  { deliver, locale }: Pick<SecretOptions, 'deliver' | 'locale'>,
  { courier }: Pick<Configuration, 'courier'>,
): void {
  if (deliver === undefined && locale !== undefined) throw new WrongUsage('--locale requires --deliver.');
  if (deliver !== undefined && !courier.delivers)
    throw new BadRequest(
      'This server sends no mail. Set courier.smtp.connection_uri in the configuration, or leave out --deliver and hand over the printed link or code.',
    );
}

/** Break-glass: issues a link with database access. The audit log names the operating-system user and the reason. */
export async function recoveryLink(
  identities: IdentityService,
  recovery: RecoveryIssuing,
  options: SecretOptions,
  io: Io,
): Promise<number> {
  const identity = await identityOf(identities, options);
  const request = { identityId: identity.id, expiresIn: options.expiresIn };
  const link = await recovery.issueLink(request, { ...handover(options, identity), strict: options.strict });
  for (const warning of link.warnings) io.err(`warning: ${warning}`);
  if (options.format === 'json') io.out(JSON.stringify(presentLink(link)));
  else io.out(link.shown ? link.issued.link : mailed(link.issued));
  return 0;
}

/** The same with a code, for people on the telephone. Prints the code and the page to enter it on. */
export async function recoveryCode(
  identities: IdentityService,
  recovery: RecoveryIssuing,
  options: SecretOptions,
  io: Io,
): Promise<number> {
  const identity = await identityOf(identities, options);
  const request = { identityId: identity.id, expiresIn: options.expiresIn };
  const code = await recovery.issueCode(request, { ...handover(options, identity), strict: options.strict });
  for (const warning of code.warnings) io.err(`warning: ${warning}`);
  if (options.format === 'json') io.out(JSON.stringify(presentCode(code)));
  else for (const line of code.shown ? [code.issued.code, code.issued.link] : [mailed(code.issued)]) io.out(line);
  return 0;
}

export function handover(
  { deliver, locale, contain, reset }: Omit<SecretOptions, 'identity'>,
  { recoveryAddresses }: IdentityView,
): Handover {
  const consequences = { ...(contain && { contain }), ...(reset && { reset }) };
  if (deliver === undefined) return consequences;
  const mailable = recoveryAddresses.filter(({ via }) => via === 'email');
  if (deliver === true) {
    if (mailable.length === 0)
      throw new BadRequest(
        'The identity has no email address. Leave out --deliver and hand over the printed link or code.',
      );
    return { ...consequences, deliver: { to: 'default', locale }, returnSecret: false };
  }
  const wanted = uuidOf(deliver) ?? deliver.toLowerCase();
  const address = mailable.find(({ id, value }) => id === wanted || value.toLowerCase() === wanted);
  if (!address) throw new BadRequest('--deliver must be a recovery address of the identity, or its id.');
  return { ...consequences, deliver: { to: address.id, locale }, returnSecret: false };
}

const mailed = ({ messageId, expiresAt }: { messageId: string | null; expiresAt: Date }): string =>
  `Queued as message ${messageId}; valid until ${shortTime(expiresAt)}.`;

async function identityOf(identities: Lookup, { identity: given }: { identity: string }): Promise<IdentityView> {
  const identity = await findIdentity(identities, given);
  if (!identity) throw new BadRequest('No identity has this id or identifier.');
  return identity;
}

/** @param given an id, or an identifier in any spelling */
export async function findIdentity(identities: Lookup, given: string): Promise<IdentityView | undefined> {
  const id = uuidOf(given);
  return (id && (await identities.find(id))) || identities.findByIdentifier(given);
}

type Lookup = Pick<IdentityService, 'find' | 'findByIdentifier'>;

/** Cancels an open hand-over: ends its session and lets older credentials work again. */
export async function recoveryCancel(
  identities: Lookup,
  standings: Pick<RecoveryStandings, 'cancel'>,
  options: { identity: string; format: Format },
  io: Io,
): Promise<number> {
  const { id } = await identityOf(identities, options);
  const cancelled = await standings.cancel(id);
  if (options.format === 'json') io.out(JSON.stringify({ id, cancelled }));
  else io.out(cancelled ? `Cancelled the hand-over of ${id}.` : `${id} has no open hand-over.`);
  return 0;
}

export async function recoveryGrants(list: ListGrants, options: GrantsOptions, io: Io): Promise<number> {
  const identityId = uuidOf(options.identity);
  if (options.identity !== undefined && identityId === undefined)
    throw new WrongUsage('--identity must be the id of an identity (a UUID).');
  const question = { identityId, state: options.state, pageSize: SHOWN };
  const { grants, nextPageToken } = await list.run(question);
  if (options.format === 'json') io.out(JSON.stringify(grants.map(presentGrant)));
  else if (grants.length === 0) io.out('No links or codes found.');
  else for (const line of textTable(GRANT_HEAD, grants.map(rowOf))) io.out(line);
  if (nextPageToken !== undefined) io.err(`Showing the newest ${SHOWN}. Narrow the list with --identity or --state.`);
  return 0;
}

const SHOWN = 500;
const GRANT_HEAD = ['ID', 'KIND', 'STATE', 'IDENTITY', 'EXPIRES'];
const rowOf = ({ id, kind, state, identityId, expiresAt }: GrantView): string[] => [
  id,
  kind,
  state,
  identityId,
  shortTime(expiresAt),
];

export async function recoveryRevoke(
  revoke: RevokeGrant,
  { grant: given, format }: { grant: string; format: Format },
  io: Io,
): Promise<number> {
  const grant = uuidOf(given) ?? given;
  try {
    await revoke.run(grant);
  } catch (error) {
    if (error instanceof DomainError && error.status === 404) throw new BadRequest('No link or code has this id.');
    throw error;
  }
  io.out(format === 'json' ? JSON.stringify({ id: grant, state: 'revoked' }) : `Revoked ${grant}.`);
  return 0;
}
