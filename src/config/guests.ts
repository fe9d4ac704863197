import type { Extension, LoadedExtension } from '../platform/extension/index.js';
import type { Problem } from './config.errors.js';
import type { Environment } from './environment.js';
import type { ExtensionLoader, FoundExtension, ListedModule } from './extension-loader.js';
import { guestOverrides } from './guest-environment.js';
import { readGuestSection } from './guest-section.js';
import { isMap } from './keys.js';
import { AT, LOAD } from './placed-extensions.js';
import type { Report } from './report.js';
import type { Path, Tree } from './tree.js';

interface Wanted {
  /** what the files say below `extensions` */
  readonly tree: Tree;
  readonly env: Environment;
  /** modules that the command line names */
  readonly more: readonly ListedModule[];
  /** absent: what is listed is a problem */
  readonly loader: ExtensionLoader | undefined;
  /** `--no-extensions`: as if no file spoke of them */
  readonly none: boolean;
}

/** What extensions there are, their sections judged, and the tree without them. */
export async function loadGuests(
  wanted: Wanted,
  report: Report,
): Promise<{ extensions: LoadedExtension[]; keys: string[]; rest: Tree }> {
  const { [AT]: given, ...rest } = wanted.tree;
  const listed = [...listedIn(given, report.problems), ...wanted.more];
  if (wanted.none) return { extensions: [], keys: [], rest };
  const sections = sectionsIn(given);
  if (listed.length === 0) {
    refuseUnloaded(sections, [], report.problems);
    return { extensions: [], keys: [], rest };
  }
  if (wanted.loader === undefined) {
    report.problems.push({ path: AT, message: 'this command loads no extensions' });
    return { extensions: [], keys: [], rest };
  }
  const { found, problems } = await wanted.loader.load(listed);
  report.problems.push(...problems);
  const { tree, keys } = guestOverrides(sections, found, wanted.env, report.problems);
  const extensions = found.map((one) => ({ ...one, config: sectionOf(one.definition, tree, report) }));
  if (problems.length === 0) refuseUnloaded(tree, found, report.problems);
  return { extensions, keys, rest };
}

function listedIn(given: unknown, problems: Problem[]): ListedModule[] {
  if (given === undefined || given === null) return [];
  if (!isMap(given)) {
    problems.push({ path: AT, message: 'must be a list of modules, or a map with the list under load' });
    return [];
  }
  const modules = given[LOAD] ?? [];
  if (Array.isArray(modules) && modules.every(isListed)) return modules;
  problems.push({
    path: `${AT}.${LOAD}`,
    message: 'must be a list of texts: paths such as ./dist/vip.js, or packages',
  });
  return [];
}

const isListed = (value: unknown): value is ListedModule => isMap(value) && typeof value['module'] === 'string';

function sectionsIn(given: unknown): Tree {
  return isMap(given) ? Object.fromEntries(Object.entries(given).filter(([name]) => name !== LOAD)) : {};
}

function sectionOf({ name, config }: Extension, tree: Tree, report: Report): object | undefined {
  const path: Path = [AT, name];
  const given = tree[name] ?? {};
  if (config === undefined) {
    if (tree[name] !== undefined)
      report.problems.push({
        path: `${AT}.${name}`,
        message: 'the extension has no configuration; remove the section',
      });
    return undefined;
  }
  if (!isMap(given)) {
    report.problems.push({ path: `${AT}.${name}`, message: 'must be a map of keys' });
    return new config();
  }
  return readGuestSection(config, given, path, report);
}

/** A section of nobody: its extension is not listed, or is called something else. */
function refuseUnloaded(sections: Tree, found: readonly FoundExtension[], problems: Problem[]): void {
  const names = found.map(({ definition }) => definition.name);
  for (const name of Object.keys(sections))
    if (!names.includes(name)) {
      const loaded = names.length === 0 ? 'none is' : `these are: ${names.join(', ')}`;
      problems.push({ path: `${AT}.${name}`, message: `no extension of this name is loaded (${loaded})` });
    }
}
