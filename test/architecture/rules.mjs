/**
 * dependency-cruiser's boundary rules, generated from matrix.mjs.
 * fixture/ breaks each rule once; boundaries.spec.ts checks that the rule fires there and nowhere in `src/`.
 */
import { EDGES, KNOWS_ACCESS, MAY_USE, PRIVILEGED } from './matrix.mjs';

const anyOf = (names) => `(${names.join('|')})`;
const TOP = '^src/[^/]+\\.ts$'; // main.ts, app.module.ts
const SQL = '^src/.+/sql\\.ts$';
const ENTITIES = '/persistence/[^/]+\\.entities\\.ts$';

const matrix = Object.entries(MAY_USE)
  .filter(([module]) => module !== 'platform')
  .map(([module, others]) => ({
    name: `module-matrix-${module}`,
    comment: `${module} may use platform${others.map((other) => `, ${other}`).join('')}: docs/adr/0003.`,
    severity: 'error',
    from: { path: `^src/${module}/` },
    to: {
      path: '^src/',
      pathNot: [
        `^src/${anyOf(['platform', module, ...others])}/`,
        ...(module === 'database' ? [ENTITIES] : []),
        ...(['cli', 'testing'].includes(module) ? [TOP] : []),
      ],
    },
  }));

export const RULES = [
  ...matrix,
  {
    name: 'module-front-door',
    comment: 'Import other modules through their index.ts; sql.ts, privileged.ts and entities have their own rules.',
    severity: 'error',
    from: { path: '^src/([^/]+)/' },
    to: {
      path: '^src/([^/]+)/',
      pathNot: ['^src/$1/', '^src/platform/', '^src/[^/]+/(index|privileged)\\.ts$', SQL, ENTITIES],
    },
  },
  {
    name: 'top-level-front-door',
    comment: 'app.module.ts and main.ts import modules through their index.ts too.',
    severity: 'error',
    from: { path: TOP },
    to: { path: '^src/([^/]+)/', pathNot: ['^src/platform/', '^src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'platform-front-door',
    comment: 'Import platform through the index.ts of its subfolders.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/platform/' },
    to: { path: '^src/platform/', pathNot: '^src/platform/[^/]+/index\\.ts$' },
  },
  {
    name: 'platform-inner-doors',
    comment: 'Subfolders of platform import each other through their index.ts too.',
    severity: 'error',
    from: { path: '^src/platform/([^/]+)/' },
    to: { path: '^src/platform/', pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/index\\.ts$'] },
  },
  {
    name: 'platform-is-a-leaf',
    comment: 'platform must not import any module.',
    severity: 'error',
    from: { path: '^src/platform/' },
    to: { path: '^src/', pathNot: '^src/platform/' },
  },
  {
    name: 'sql-door-is-for-statements',
    comment: 'Only files with statements, and SQL fragments built from others, may use another module’s SQL fragments.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '/(hot|steps|persistence)/|/sql\\.ts$' },
    to: { path: SQL, pathNot: '^src/$1/' },
  },
  {
    name: 'privileged-door-is-for-few',
    comment: `Only identity and ${PRIVILEGED.join(', ')} may use credentials.`,
    severity: 'error',
    from: { path: '^src/', pathNot: `^src/${anyOf(['identity', ...PRIVILEGED])}/` },
    to: { path: '^src/[^/]+/privileged\\.ts$' },
  },
  {
    name: 'entities-stay-at-home',
    comment: 'Entities must not leave their module; pass views. Only database lists all entities.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '^src/database/' },
    to: { path: ENTITIES, pathNot: '^src/$1/' },
  },
  {
    name: 'nobody-imports-access',
    comment: 'The guard is global: routes declare a scope and never read the token.',
    severity: 'error',
    from: { path: '^src/', pathNot: [`^src/${anyOf(['access', ...KNOWS_ACCESS])}/`, TOP] },
    to: { path: '^src/access/' },
  },
  {
    name: 'edges-are-not-called',
    comment: 'No module may import pages or cli.',
    severity: 'error',
    from: { path: `^src/([^/]+)/`, pathNot: `^src/${anyOf(EDGES)}/` },
    to: { path: `^src/${anyOf(EDGES)}/` },
  },
  {
    name: 'machines-are-pure',
    comment: 'A state machine is a table without imports.',
    severity: 'error',
    from: { path: '[./-](machine|states)\\.ts$' },
    to: { path: '.' },
  },
  {
    name: 'hot-paths-are-small',
    comment: 'A hot file contains its statement and imports no service, step, controller or ORM.',
    severity: 'error',
    from: { path: '/hot/' },
    to: {
      path: [
        '^src/.*\\.(module|service|controller|presenter|purge)\\.tsx?$',
        '^src/.*/(steps|persistence)/',
        '@mikro-orm',
      ],
    },
  },
  {
    name: 'steps-do-not-call-each-other',
    comment: 'A step does one thing; the service chooses the step.',
    severity: 'error',
    from: { path: '/steps/' },
    to: { path: ['/steps/', '^src/.*\\.(controller|module)\\.ts$'] },
  },
  {
    name: 'no-cycles',
    comment: 'No cycles, so forwardRef is never needed.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'source-knows-no-tests',
    comment: 'src must not import test, bench or development packages, because they are not shipped.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: ['^(test|bench)/', '^node_modules/(vitest|supertest|fast-check|playwright-core|@nestjs/testing)/'] },
  },
  {
    name: 'requests-stay-at-the-edge',
    comment: 'Services and steps take a Caller, so that a command or a test can call them without HTTP.',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: [
        '^src/platform/(http|rate-limit)/',
        '^src/(main|openapi/openapi)\\.ts$',
        '\\.(controller|guard|strategy|filter)\\.ts$',
      ],
    },
    to: { path: '^(\\.\\./)*node_modules/fastify/' },
  },
  {
    name: 'source-declares-its-packages',
    comment: 'src must import only packages declared in package.json, not transitive ones.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['npm'] },
  },
  {
    name: 'every-import-resolves',
    comment: 'An unresolved import would escape every rule above.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];
