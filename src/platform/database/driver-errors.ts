import { BadRequest, DomainError, Unavailable } from '../errors/index.js';

interface DriverError {
  code?: unknown;
  constraint?: unknown;
  message?: unknown;
  cause?: unknown;
}

/** SQLSTATE classes and codes that say: the server, or a connection to it, is not to be had right now. */
const UNAVAILABLE = /^(08|53|57P0|25006|55P03$|57014$|40001$|40P01$)/;
const NETWORK = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
/** Characters that PostgreSQL cannot hold, malformed uuids and timestamps, numbers out of range. */
const BAD_VALUE = /^(22021|22P02|22P05|22007|22008|22003)$/;

/** A driver error reduced to what may be logged: SQLSTATE, constraint, statement name. Never its message, which quotes values. */
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

/** True when the error is a unique violation (of the named constraint or index, where one is given). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driver = driverError(error);
  return driver?.code === '23505' && (constraint === undefined || driver.constraint === constraint);
}

/** True when the database, or a connection to it, is not to be had right now. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof Unavailable) return true;
  const driver = driverError(error);
  const code = String(driver?.code ?? '');
  if (UNAVAILABLE.test(code) || NETWORK.test(code)) return true;
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after calling end|Query read timeout/.test(
    String((error as DriverError | undefined)?.message ?? ''),
  );
}

/** What a service or the error filter gets instead of a driver error; unique violations are passed on as they are. */
export function translateDriverError(error: unknown, statement: string): unknown {
  if (error instanceof DomainError || isUniqueViolation(error)) return error;
  const driver = driverError(error);
  const code = String(driver?.code ?? 'none');
  if (isUnavailable(error)) return new Unavailable('The database cannot be reached.', 1, { sqlstate: code, statement });
  if (BAD_VALUE.test(code))
    return new BadRequest('A value holds characters that cannot be stored.', { sqlstate: code, statement });
  if (driver && /^[0-9A-Z]{5}$/.test(code))
    return new DatabaseTrouble(code, String(driver.constraint ?? 'none'), statement);
  return error;
}

/** The ORM wraps driver errors; the SQLSTATE sits on the wrapper or on its cause. */
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
