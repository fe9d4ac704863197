import { RULES } from './test/architecture/rules.mjs';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: RULES,
  options: {
    exclude: { path: '\\.spec\\.tsx?$' }, // only shipped code has to follow the rules
    doNotFollow: { path: '^node_modules/' },
    moduleSystems: ['es6'],
    tsPreCompilationDeps: true, // type imports are dependencies too
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
    progress: { type: 'none' },
  },
};
