/**
 * The boundary rules of dependency-cruiser, made from the table in matrix.mjs.
 * Each is broken once in fixture/, and boundaries.spec.ts sees it fire there and nowhere in `src/`.
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
        ...(module === 'cli' ? [TOP] : []),
      ],
    },
  }));

export const RULES = [
  ...matrix,
  {
    name: 'module-front-door',
    comment: 'Another module is entered by its index.ts; sql.ts, privileged.ts and entities have rules of their own.',
    severity: 'error',
    from: { path: '^src/([^/]+)/' },
    to: {
      path: '^src/([^/]+)/',
      pathNot: ['^src/$1/', '^src/platform/', '^src/[^/]+/(index|privileged)\\.ts$', SQL, ENTITIES],
    },
  },
  {
    name: 'top-level-front-door',
    comment: 'app.module.ts and main.ts enter modules by their doors too.',
    severity: 'error',
    from: { path: TOP },
    to: { path: '^src/([^/]+)/', pathNot: ['^src/platform/', '^src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'platform-front-door',
    comment: 'platform is entered by the index.ts of its subfolders.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/platform/' },
    to: { path: '^src/platform/', pathNot: '^src/platform/[^/]+/index\\.ts$' },
  },
  {
    name: 'platform-inner-doors',
    comment: 'The subfolders of platform meet at their doors as well.',
    severity: 'error',
    from: { path: '^src/platform/([^/]+)/' },
    to: { path: '^src/platform/', pathNot: ['^src/platform/$1/', '^src/platform/[^/]+/index\\.ts$'] },
  },
  {
    name: 'platform-is-a-leaf',
    comment: 'platform knows nothing of ours.',
    severity: 'error',
    from: { path: '^src/platform/' },
    to: { path: '^src/', pathNot: '^src/platform/' },
  },
  {
    name: 'sql-door-is-for-statements',
    comment: 'Parts of another module’s SQL are for the files that hold statements, and for parts made of them.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '/(hot|steps|persistence)/|/sql\\.ts$' },
    to: { path: SQL, pathNot: '^src/$1/' },
  },
  {
    name: 'privileged-door-is-for-few',
    comment: `Credentials are for identity itself and ${PRIVILEGED.join(', ')}.`,
    severity: 'error',
    from: { path: '^src/', pathNot: `^src/${anyOf(['identity', ...PRIVILEGED])}/` },
    to: { path: '^src/[^/]+/privileged\\.ts$' },
  },
  {
    name: 'entities-stay-at-home',
    comment: 'Views cross the border, entities do not; only database lists them all.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '^src/database/' },
    to: { path: ENTITIES, pathNot: '^src/$1/' },
  },
  {
    name: 'nobody-imports-access',
    comment: 'The guard is global: routes say their scope, and do not ask for the token.',
    severity: 'error',
    from: { path: '^src/', pathNot: [`^src/${anyOf(['access', ...KNOWS_ACCESS])}/`, TOP] },
    to: { path: '^src/access/' },
  },
  {
    name: 'edges-are-not-called',
    comment: 'Nothing calls pages or cli.',
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
    comment: 'A hot file holds its statement and needs no service, step, controller or ORM.',
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
    comment: 'A step does one thing; the service chooses which.',
    severity: 'error',
    from: { path: '/steps/' },
    to: { path: ['/steps/', '^src/.*\\.(controller|module)\\.ts$'] },
  },
  {
    name: 'no-cycles',
    comment: 'No circle, so forwardRef is never needed.',
    severity: 'error',
    from: { path: '^src/' },
    to: { circular: true },
  },
  {
    name: 'source-knows-no-tests',
    comment: 'src is what ships: nothing of test or bench, and no package that is only there for development.',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: ['^(test|bench)/', '^node_modules/(vitest|supertest|fast-check|playwright-core|@nestjs/testing)/'] },
  },
  {
    name: 'source-declares-its-packages',
    comment: 'What src imports is a dependency in package.json, not something that another package happened to bring.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['npm'] },
  },
  {
    name: 'every-import-resolves',
    comment: 'An import that leads nowhere escapes every rule above.',
    severity: 'error',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];
