import {
  type AuditEventView,
  AuditFilterInvalid,
  type AuditFilterText,
  type AuditService,
  presentAuditEvent,
  readAuditFilter,
} from '../audit/index.js';
import { DomainError } from '../platform/errors/index.js';
import type { Io } from './io.js';
import { shortTime, textTable } from './text-table.js';

/** The options as given on the command line. */
export interface AuditOptions {
  readonly action?: string;
  /** id of the target */
  readonly target?: string;
  /** id of the actor */
  readonly actor?: string;
  /** RFC 3339; since inclusive, until exclusive */
  readonly since?: string;
  readonly until?: string;
  /** 1 to 1000 */
  readonly limit?: string;
  readonly pageToken?: string;
  /** json: one event per line */
  readonly format: 'text' | 'json';
}

/** Prints one page, newest first. Exit code: 0 printed, 1 refused (reason on stderr). */
export async function runAudit(audit: AuditService, options: AuditOptions, io: Io): Promise<number> {
  try {
    const { events, nextPageToken } = await audit.list(readAuditFilter(asQuery(options)));
    if (options.format === 'json') for (const event of events) io.out(JSON.stringify(presentAuditEvent(event)));
    else printTable(events, io);
    if (nextPageToken !== undefined) io.err(`More events exist. For the next page, add: --page-token ${nextPageToken}`);
    return 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    io.err(
      error instanceof AuditFilterInvalid
        ? `${OPTION_OF[error.parameter] ?? error.parameter} ${error.rule}.`
        : (error.reason ?? error.message),
    );
    return 1;
  }
}

const OPTION_OF: Readonly<Record<string, string>> = {
  action: '--action',
  target_id: '--target',
  actor_id: '--actor',
  since: '--since',
  until: '--until',
  page_size: '--limit',
};

function asQuery({ action, target, actor, since, until, limit, pageToken }: AuditOptions): AuditFilterText {
  const given = { action, target_id: target, actor_id: actor, since, until, page_size: limit, page_token: pageToken };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const isThere = <T>(part: T | null | undefined): part is T => part !== null && part !== undefined;

function printTable(events: readonly AuditEventView[], io: Io): void {
  if (events.length === 0) return io.out('No events.');
  const rows = events.map((event) => [
    shortTime(event.at),
    event.outcome,
    [event.action, event.detail && `(${[event.detail.method, event.detail.provider].filter(isThere).join(' ')})`]
      .filter(isThere)
      .join(' '),
    event.actorLabel ?? event.actorId ?? event.actorType,
    [event.targetType, event.targetId].filter(isThere).join(' '),
    event.network ?? '',
    [event.ticket, event.reason].filter(isThere).join(': '),
  ]);
  for (const line of textTable(['AT', 'OUTCOME', 'ACTION', 'WHO', 'TARGET', 'FROM', 'WHY'], rows)) io.out(line);
}
