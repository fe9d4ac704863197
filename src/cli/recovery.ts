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
  type RecoveryService,
  type RecoveryStandings,
} from '../recovery/index.js';
import type { Io } from './io.js';
import type { Format } from './program.options.js';
import { shortTime, textTable } from './text-table.js';
import { WrongUsage } from './wrong-usage.js';

export interface SecretOptions {
  /** an identity's id, or one of its identifiers */
  identity: string;
  expiresIn?: string;
  /** mail it to this recovery address (itself, or its id), or to the one that the identity has had longest; it is then not printed */
  deliver?: string | true;
  locale?: string;
  /** refuses what the person could not use */
  strict?: boolean;
  /** older credentials open nothing from now on; `keep_mail`: the mailbox may recover the account */
  contain?: true | 'keep_mail';
  /** types of credentials that go when a new one is set */
  reset?: string[];
  format: Format;
}

export interface GrantsOptions {
  /** id of an identity */
  identity?: string;
  state?: GrantState;
  format: Format;
}

/** What can be seen from the command line and the configuration alone. */
export function refuseWithoutMail(
  { deliver, locale }: Pick<SecretOptions, 'deliver' | 'locale'>,
  { courier }: Pick<Configuration, 'courier'>,
): void {
  if (deliver === undefined && locale !== undefined) throw new WrongUsage('--locale is of use with --deliver only.');
  if (deliver !== undefined && !courier.delivers)
    throw new BadRequest(
      'This server sends no mail: set courier.smtp.connection_uri in the configuration, or leave --deliver out and hand over what is printed.',
    );
}

/** Break-glass: a link made with access to the database, audited with the operating-system user and the reason. */
export async function recoveryLink(
  identities: IdentityService,
  recovery: RecoveryService,
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

/** The same with a code, for who is on the telephone: the code, and the page on which it is entered. */
export async function recoveryCode(
  identities: IdentityService,
  recovery: RecoveryService,
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
        'The identity has no address to mail to: leave --deliver out and hand over what is printed.',
      );
    return { ...consequences, deliver: { to: 'default', locale }, returnSecret: false };
  }
  const wanted = uuidOf(deliver) ?? deliver.toLowerCase();
  const address = mailable.find(({ id, value }) => id === wanted || value.toLowerCase() === wanted);
  if (!address) throw new BadRequest('--deliver takes a recovery address that the identity has, or its id.');
  return { ...consequences, deliver: { to: address.id, locale }, returnSecret: false };
}

const mailed = ({ messageId, expiresAt }: { messageId: string | null; expiresAt: Date }): string =>
  `On its way to the person as message ${messageId}; it works until ${shortTime(expiresAt)}.`;

async function identityOf(identities: Lookup, { identity: given }: { identity: string }): Promise<IdentityView> {
  const identity = await findIdentity(identities, given);
  if (!identity) throw new BadRequest('There is no identity with this id or identifier.');
  return identity;
}

/** @param given an id, or an identifier however it is spelled */
export async function findIdentity(identities: Lookup, given: string): Promise<IdentityView | undefined> {
  const id = uuidOf(given);
  return (id && (await identities.find(id))) || identities.findByIdentifier(given);
}

type Lookup = Pick<IdentityService, 'find' | 'findByIdentifier'>;

/** Ends an open hand-over: its session ends, and older credentials open the account again. */
export async function recoveryCancel(
  identities: Lookup,
  standings: Pick<RecoveryStandings, 'cancel'>,
  options: { identity: string; format: Format },
  io: Io,
): Promise<number> {
  const { id } = await identityOf(identities, options);
  const cancelled = await standings.cancel(id);
  if (options.format === 'json') io.out(JSON.stringify({ id, cancelled }));
  else io.out(cancelled ? `The recovery of ${id} is cancelled.` : `No recovery of ${id} is under way.`);
  return 0;
}

export async function recoveryGrants(recovery: RecoveryService, options: GrantsOptions, io: Io): Promise<number> {
  const identityId = uuidOf(options.identity);
  if (options.identity !== undefined && identityId === undefined)
    throw new WrongUsage('--identity takes the id of an identity, a UUID.');
  const question = { identityId, state: options.state, pageSize: SHOWN };
  const { grants, nextPageToken } = await recovery.grants(question);
  if (options.format === 'json') io.out(JSON.stringify(grants.map(presentGrant)));
  else if (grants.length === 0) io.out('There are no such links or codes.');
  else for (const line of textTable(GRANT_HEAD, grants.map(rowOf))) io.out(line);
  if (nextPageToken !== undefined) io.err(`These are the newest ${SHOWN}. --identity and --state ask for fewer.`);
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
  recovery: RecoveryService,
  { grant: given, format }: { grant: string; format: Format },
  io: Io,
): Promise<number> {
  const grant = uuidOf(given) ?? given;
  try {
    await recovery.revoke(grant);
  } catch (error) {
    if (error instanceof DomainError && error.status === 404) throw new BadRequest('There is no grant with this id.');
    throw error;
  }
  io.out(format === 'json' ? JSON.stringify({ id: grant, state: 'revoked' }) : `${grant} is withdrawn.`);
  return 0;
}
