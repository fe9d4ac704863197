import { readdirSync, readFileSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, type Problem } from '../../config/index.js';
import { goTemplateAdvice, isGoTemplate, isNeverSent } from './go-template.js';
import { LOCALES } from './locale.js';
import { faultsOf } from './override-faults.js';
import { type OverrideFile, type Overrides, type Part, PARTS } from './override-file.js';
import { isTemplateType, TEMPLATE_TYPES } from './template-message.js';

/** Bytes, before filling in placeholders: mail programs truncate larger messages (Gmail at 102 KB). */
const LARGEST = 100_000;

/**
 * Reads the operator's own messages: plain files with `{{placeholders}}`, in which nothing is executed.
 *
 * @throws ConfigurationError listing every unusable file and what to change
 */
export function readOverrides(directory: string): { overrides: Overrides; warnings: string[] } {
  const [problems, unsent]: [Problem[], string[]] = [[], []];
  const found = new Map<string, Partial<Record<Part, string>>>();
  for (const path of filesIn(directory, problems)) {
    const steps = path.slice(join(directory).length).split(/[\\/]/).filter(Boolean);
    if (isNeverSent(steps)) {
      unsent.push(steps[0]!);
      continue;
    }
    const file = named(path, steps, problems);
    const text = file && read(file, problems);
    if (!file || text === undefined) continue;
    const faults = faultsOf(file, text);
    problems.push(...faults.map((message) => ({ path: file.path, message })));
    const key = `${file.type}/${file.locale}`;
    found.set(key, { ...found.get(key), [file.part]: file.part === 'subject' ? text.trim() : text });
  }
  const warnings = unsent.length === 0 ? [] : [neverSent([...new Set(unsent)])];
  if (problems.length > 0) throw new ConfigurationError(fewer(problems), warnings);
  return { overrides: found, warnings };
}

const neverSent = (directories: readonly string[]): string =>
  `courier.template_override_path: Regain never sends these messages, so their templates have no effect: ${directories.join(', ')}`;

/** Most files to list one by one. If more do not belong there, it is probably the wrong directory. */
const MOST_NAMED = 20;

function fewer(problems: readonly Problem[]): Problem[] {
  const more = problems.length - MOST_NAMED;
  if (more <= 0) return [...problems];
  const message = `contains ${more} more unusable files: is it the right directory?`;
  return [...problems.slice(0, MOST_NAMED), { path: 'courier.template_override_path', message }];
}

/** Paths below the directory, except dotfiles and READMEs. */
function filesIn(directory: string, problems: Problem[]): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => !entry.isDirectory() && !isBeside(entry, directory))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    problems.push({
      path: 'courier.template_override_path',
      message: `${directory} cannot be read (${codeOf(error)}): set a directory that the server can read, or remove the key`,
    });
    return [];
  }
}

const isBeside = ({ name, parentPath }: Dirent, directory: string): boolean =>
  /^README/i.test(name) ||
  join(parentPath, name)
    .slice(directory.length)
    .split(/[\\/]/)
    .some((step) => step.startsWith('.'));

function named(path: string, steps: readonly string[], problems: Problem[]): OverrideFile | undefined {
  if (path.endsWith('.gotmpl')) {
    problems.push({ path, message: goTemplateAdvice(steps) });
    return undefined;
  }
  const [type = '', name = '', ...rest] = steps;
  const [locale, part, ...more] = name.split('.');
  const language = LOCALES.find((each) => each === locale);
  const kind = PARTS.find((each) => each === part);
  if (rest.length === 0 && more.length === 0 && isTemplateType(type) && language && kind)
    return { path, type, locale: language, part: kind };
  problems.push({ path, message: misnamed(type) });
  return undefined;
}

const misnamed = (type: string): string =>
  isTemplateType(type)
    ? `must be named <locale>.<part>, with a locale from ${LOCALES.join(', ')} and a part from ${PARTS.join(', ')}`
    : `is not in a template's directory; templates are ${TEMPLATE_TYPES.join(', ')}`;

function read({ path }: OverrideFile, problems: Problem[]): string | undefined {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > LARGEST) {
      problems.push({
        path,
        message: `is larger than ${LARGEST} bytes, so mail programs would truncate it; shorten it`,
      });
      return undefined;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
    if (!isGoTemplate(text)) return text;
    problems.push({ path, message: goTemplateAdvice([]) });
  } catch (error) {
    const message =
      error instanceof TypeError
        ? 'is not UTF-8; save it as UTF-8'
        : `cannot be read (${codeOf(error)}); give the server read access`;
    problems.push({ path, message });
  }
  return undefined;
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'unknown error';
