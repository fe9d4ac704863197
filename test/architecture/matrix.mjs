/**
 * Who may call whom: the one table from which the boundary rules are made.
 * A module that is not named here may not exist (boundaries.spec.ts). `platform` is allowed everywhere.
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
    'health',
    'openapi',
  ],
};

/** Nothing calls an edge, but the files at the top of `src/` that put the application together. */
export const EDGES = ['pages', 'cli'];

/** Who may open `identity/privileged.ts`, behind which credentials are. */
export const PRIVILEGED = ['self-service', 'kratos-import', 'cli'];

/** Who may name `access`: the guard is global, nobody else needs it. */
export const KNOWS_ACCESS = ['cli', 'database'];
