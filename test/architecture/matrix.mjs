/**
 * The modules that each module may use. The boundary rules are generated from this table.
 * Every module must be listed here (boundaries.spec.ts). All modules may use `platform`.
 */
const PERSON = ['config', 'audit', 'courier', 'identity', 'session'];

/** @type {Readonly<Record<string, readonly string[]>>} */
export const MAY_USE = {
  platform: [],
  config: [],
  database: ['config'],
  health: [],
  openapi: ['health'],
  audit: ['config'],
  access: ['config', 'audit'],
  courier: ['config', 'audit'],
  identity: ['config', 'audit', 'courier'],
  extensions: ['config', 'audit', 'identity'],
  session: ['config', 'audit', 'identity'],
  'self-service': PERSON,
  recovery: [...PERSON, 'self-service'],
  'kratos-import': ['config', 'audit', 'identity', 'session'],
  purge: [],
  pages: [...PERSON, 'self-service', 'recovery'],
  cli: [
    ...PERSON,
    'self-service',
    'recovery',
    'kratos-import',
    'access',
    'purge',
    'pages',
    'database',
    'extensions',
    'health',
    'openapi',
  ],
  testing: ['config', 'access', 'database', 'extensions'],
};

/** Only the top-level files of `src/`, which assemble the application, may import an edge. */
export const EDGES = ['pages', 'cli', 'testing'];

/** The modules that may import `identity/privileged.ts`, the door to credentials. */
export const PRIVILEGED = ['self-service', 'kratos-import', 'cli'];

/** The modules that may import `access`. The guard is global, so no other module needs it. */
export const KNOWS_ACCESS = ['cli', 'database', 'testing'];
