import { BadRequest, DomainError, Unavailable } from '../errors/index.js';

interface DriverError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** Causes of temporary trouble, by SQLSTATE, SQLSTATE class or system error code; the first match wins. */
const BY_CODE: readonly (readonly [RegExp, string])[] = [
  [/^57P01$/, 'terminated by administrator'],
  [/^57P02$/, 'the server crashed'],
  [/^57P03$/, 'the server is starting or stopping'],
  [/^57P05$/, 'idle for too long'],
  [/^57P0/, 'the server ended the session'],
  [/^57014$/, 'statement timeout'],
  [/^55P03$/, 'lock not available'],
  [/^25006$/, 'the server is read-only'],
  [/^40001$/, 'serialization failure'],
  [/^40P01$/, 'deadlock'],
  [/^53300$/, 'too many connections'],
  [/^53100$/, 'disk full'],
  [/^53/, 'the server is out of resources'],
  [/^08/, 'connection failure'],
  [/^ECONNREFUSED$/, 'connection refused'],
  [/^(ECONNRESET|EPIPE)$/, 'connection reset'],
  [/^ENOENT$/, 'no socket there'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'host name not resolved'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'host unreachable'],
  [/^ETIMEDOUT$/, 'connecting timed out'],
];
/** Causes of temporary trouble that the driver, its pool or our own waiting reports by message alone. */
const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/pool wait expired|timeout exceeded when trying to connect/, 'pool wait expired'],
  [/no answer in time|Query read timeout/, 'no answer in time'],
  [/Connection terminated due to connection timeout/, 'connecting timed out'],
  [/Connection terminated|Client has encountered a connection error|Client was closed/, 'connection lost'],
  [/Cannot use a pool after calling end/, 'stopping'],
];
/** Characters that PostgreSQL cannot store, malformed UUIDs and timestamps, numbers out of range. */
const BAD_VALUE = /^(22021|22P02|22P05|22007|22008|22003)$/;

const REASON = 'The database cannot be reached, or did not answer in time.';

/**
 * A driver error reduced to what may be logged: SQLSTATE, constraint, statement name. It drops the message, which
 * quotes values.
 */
export class DatabaseTrouble extends DomainError {
  readonly status = 500;

  constructor(sqlstate: string, constraint: string, statement: string) {
    super('An internal server error occurred, please contact the system administrator', {
      sqlstate,
      constraint,
      statement,
    });
  }
}

/** True for a unique violation, optionally of one constraint or index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driver = driverError(error);
  return driver?.code === '23505' && (constraint === undefined || driver.constraint === constraint);
}

/** Why the database, or a connection to it, is unavailable right now; undefined for every other error. */
export function troubleOf(error: unknown): string | undefined {
  const code = String(driverError(error)?.code ?? '');
  const message = String((error as DriverError | undefined)?.message ?? '');
  return code === '' ? saidOf(message, BY_MESSAGE) : saidOf(code, BY_CODE);
}

const saidOf = (text: string, table: typeof BY_CODE): string | undefined =>
  table.find(([pattern]) => pattern.test(text))?.[1];

/** True when the database, or a connection to it, is unavailable right now. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Unavailable || troubleOf(error) !== undefined;
}

/** Turns a driver error into one that services and the error filter understand. Returns unique violations unchanged. */
export function translateDriverError(error: unknown, statement: string): unknown {
  if (error instanceof DomainError || isUniqueViolation(error)) return error;
  const driver = driverError(error);
  const code = String(driver?.code ?? 'none');
  const cause = troubleOf(error);
  if (cause !== undefined) return new Unavailable(REASON, 1, { sqlstate: code, cause, statement });
  if (BAD_VALUE.test(code))
    return new BadRequest('A value contains characters that cannot be stored.', { sqlstate: code, statement });
  if (driver && /^[0-9A-Z]{5}$/.test(code))
    return new DatabaseTrouble(code, String(driver.constraint ?? 'none'), statement);
  return error;
}

/** Finds the driver error: the ORM wraps it, and the SQLSTATE is on the wrapper or on its cause. */
function driverError(error: unknown): DriverError | undefined {
  for (
    let e = error as DriverError | undefined, depth = 0;
    e && depth < 4;
    e = e.cause as DriverError | undefined, depth++
  ) {
    if (typeof e === 'object' && typeof e.code === 'string') return e;
  }
  return undefined;
}
