import { pathToFileURL } from 'node:url';
import type { ExtensionLoader, FoundExtension, ListedModule, Problem } from '../config/index.js';
import { type Extension, isExtension, isOfThisCopy } from '../platform/extension/index.js';
import { secondCopies } from './copies.js';
import { clashes, declarationProblems } from './declarations.js';
import { findModule } from './find-module.js';

const AT = 'extensions';

/** Loads the modules that a configuration lists, in its order. */
export const extensionModules: ExtensionLoader = {
  async load(listed) {
    const found: FoundExtension[] = [];
    const problems: Problem[] = [];
    for (const one of listed) {
      const loaded = await loadOne(one);
      if ('definition' in loaded) found.push(loaded);
      else problems.push(...loaded.problems.map((message) => ({ path: AT, message: `${one.module} ${message}` })));
    }
    const clashing = clashes(found).map((message) => ({ path: AT, message }));
    return { found, problems: [...problems, ...clashing] };
  },
};

async function loadOne(listed: ListedModule): Promise<FoundExtension | { problems: string[] }> {
  const place = findModule(listed);
  if ('problem' in place) return { problems: [place.problem] };
  const copies = secondCopies(place.file).map(
    ({ name, theirs, ours }) =>
      `would load a second copy of ${name} (${theirs}; ours is ${ours}): make it a peer dependency of the extension, and install it once`,
  );
  if (copies.length > 0) return { problems: copies };
  try {
    const definition = exportOf((await import(pathToFileURL(place.file).href)) as Record<string, unknown>);
    if (definition === undefined)
      return { problems: ['must export its extension: export default defineExtension({ name: … })'] };
    if (!isOfThisCopy(definition))
      return {
        problems: ['was declared with another copy of regain: install the extension and regain beside each other'],
      };
    const problems = declarationProblems(definition);
    return problems.length > 0 ? { problems } : { module: listed.module, definition };
  } catch (error) {
    return { problems: [`throws while it is loaded: ${String(error)}`] };
  }
}

function exportOf(namespace: Record<string, unknown>): Extension | undefined {
  const { default: given } = namespace;
  const inner = typeof given === 'object' && given !== null && 'default' in given ? given.default : given;
  return [given, inner].find(isExtension);
}

/** Extensions that are at hand already, for tests. */
export const givenExtensions = (definitions: readonly Extension[]): ExtensionLoader => ({
  load: () => {
    const found = definitions.map((definition) => ({ module: definition.name, definition }));
    const own = definitions.flatMap((one) => declarationProblems(one).map((problem) => `${one.name} ${problem}`));
    const problems = [...own, ...clashes(found)].map((message) => ({ path: AT, message }));
    return Promise.resolve({ found, problems });
  },
});
