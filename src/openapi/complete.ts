import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_SCHEMAS } from './error-schemas.js';

interface Answer {
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, unknown>;
}
interface Operation {
  responses?: Record<string, Answer>;
  security?: Record<string, string[]>[];
  operationId?: string;
  parameters?: unknown[];
  requestBody?: unknown;
}

const MALFORMED = 'The request is malformed; `reason` says what to change.';
const AWAY = 'The database cannot be reached, or the server is overloaded. Try again later.';
/** What an admin request may add to the audit log. */
const NOTES = {
  reason: {
    name: 'X-Regain-Reason',
    description: 'Why you make this request; kept in the audit log.',
    example: 'lost phone',
  },
  ticket: {
    name: 'X-Regain-Ticket',
    description: 'Your ticket number; kept in the audit log.',
    example: 'DESK-1204',
  },
};

/**
 * How a person's request identifies its session. Kratos' document lists these parameters besides the security schemes.
 */
const PERSON = {
  sessionToken: { name: 'X-Session-Token', description: 'For native clients: the session token.' },
  sessionCookie: { name: 'Cookie', description: 'For browsers: all cookies that they were given.' },
};

/** Adds what operations have in common, so that controllers only describe what is specific to them. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      if (path.startsWith('/admin/') && !guarded(operation)) operation.operationId += 'Admin'; // on both paths
      if (guarded(operation) && method !== 'get') operation.parameters = [...(operation.parameters ?? []), ...notes()];
      operation.parameters = [...(operation.parameters ?? []), ...personal(path, operation)];
      operation.responses = completeAnswers(operation, path);
    }
  }
  const header = { in: 'header', required: false };
  const parameters = [
    ...Object.entries(NOTES).map(([key, note]) => [
      key,
      { ...note, ...header, schema: { type: 'string', maxLength: 500 } },
    ]),
    ...Object.entries(PERSON).map(([key, note]) => [key, { ...note, ...header, schema: { type: 'string' } }]),
  ];
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...ERROR_SCHEMAS },
    parameters: Object.fromEntries(parameters) as Record<string, never>,
  };
  return document;
}

const guarded = ({ security = [] }: Operation): boolean => security.some((scheme) => 'bearer' in scheme);
const notes = (): object[] => Object.keys(NOTES).map((key) => ({ $ref: `#/components/parameters/${key}` }));

/**
 * Login routes, native ones too, also accept the current session, because they can refresh it. A browser's flow needs
 * its cookies.
 */
function personal(path: string, { security = [] }: Operation): object[] {
  if (!/^\/(self-service|sessions)\b/.test(path)) return [];
  const native = path.endsWith('/api');
  const login = path === '/self-service/login' || path === '/self-service/login/api';
  const wanted = {
    sessionToken: login || security.some((scheme) => 'sessionToken' in scheme),
    sessionCookie: !native,
  };
  return (['sessionToken', 'sessionCookie'] as const)
    .filter((key) => wanted[key])
    .map((key) => ({ $ref: `#/components/parameters/${key}` }));
}

function completeAnswers(operation: Operation, path: string): Record<string, Answer> {
  const { responses = {}, parameters = [], requestBody } = operation;
  const takesInput = parameters.length > 0 || requestBody !== undefined || path.startsWith('/self-service/');
  const common: Record<string, Answer> = {
    ...(takesInput ? { '400': { description: MALFORMED } } : {}),
    ...(guarded(operation) ? { '401': UNAUTHORIZED, '403': { description: 'The token lacks the scope.' } } : {}),
    ...(requestBody === undefined ? {} : { '413': { description: 'The body is larger than 1 MiB.' } }),
    ...(/^(\/admin)?\/(health|version|schemas|\.well-known)/.test(path) ? {} : { '503': { description: AWAY } }),
    default: { description: 'Any other error.' },
  };
  const all = Object.entries({ ...common, ...responses });
  return Object.fromEntries(all.map(([status, answer]) => [status, completeAnswer(status, answer)]));
}

const UNAUTHORIZED: Answer = {
  description: 'The token is missing or not valid.',
  headers: { 'WWW-Authenticate': { description: 'An RFC 6750 challenge.', schema: { type: 'string' } } },
};

/** Adds the common body to an error without one, and a Location to a redirect. */
function completeAnswer(status: string, answer: Answer): Answer {
  if (status.startsWith('3'))
    return { ...answer, headers: { Location: { schema: { type: 'string', format: 'uri' } } } };
  if (answer.content !== undefined || status.startsWith('2')) return answer;
  const name = ERROR_OF[status] ?? 'errorGeneric';
  const example = name === 'errorGeneric' ? EXAMPLES[status] : undefined;
  const content = {
    'application/json': { schema: { $ref: `#/components/schemas/${name}` }, ...(example && { example }) },
  };
  const retry = { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } };
  return { ...answer, ...(status === '503' ? retry : {}), content };
}

const example = (code: number, status: string, reason: string, message: string): object => ({
  error: { code, status, reason, message },
});

/** One example per status; the schema's own example would show the same error everywhere. */
const EXAMPLES: Record<string, object> = {
  '400': example(
    400,
    'Bad Request',
    'identity_id must be a UUID',
    'The request was malformed or contained invalid parameters',
  ),
  '401': example(401, 'Unauthorized', 'The personal access token is not valid.', 'The request could not be authorized'),
  '403': example(
    403,
    'Forbidden',
    'The personal access token lacks the scope recovery:issue.',
    'The requested action was forbidden',
  ),
  '404': example(
    404,
    'Not Found',
    'The recovery request could not be found. Please restart the flow.',
    'The requested resource could not be found',
  ),
  '413': example(
    413,
    'Payload Too Large',
    'The request body is larger than the server accepts.',
    'The request was malformed or contained invalid parameters',
  ),
  '503': example(
    503,
    'Service Unavailable',
    'The database cannot be reached.',
    'The service is unavailable at the moment',
  ),
};

const ERROR_OF: Record<string, string> = {
  '410': 'selfServiceFlowExpiredError',
  '422': 'errorBrowserLocationChangeRequired',
};
