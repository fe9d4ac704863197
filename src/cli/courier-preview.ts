import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, processEnvironment } from '../config/index.js';
import { isTemplateType, type Locale, sampleMessage, TEMPLATE_TYPES, Templates } from '../courier/index.js';
import type { Io } from './io.js';
import type { CommonOptions } from './prepare.js';

export interface PreviewOptions {
  /** absent: list the templates */
  readonly template: string | undefined;
  readonly locale: Locale;
  /** default: html with `open`, text otherwise */
  readonly format?: 'text' | 'html';
  /** write to this file instead of printing */
  readonly output?: string;
  /** show it in the desktop's viewer */
  readonly open?: boolean;
}

/** The options as given on the command line. */
export type PreviewCommand = CommonOptions & Omit<PreviewOptions, 'locale'> & { readonly locale?: Locale };

/** Previews a message with the templates of the configuration. */
export async function runCourierPreview({ config, dev, ...options }: PreviewCommand, io: Io): Promise<number> {
  const { regain, courier } = await loadConfiguration({
    files: config && config.length > 0 ? config : ['config/kratos.yml'],
    env: processEnvironment(),
    ...(dev ? { dev } : {}),
  });
  const templates = Templates.configured(regain, courier);
  return courierPreview(templates, { ...options, locale: options.locale ?? regain.courier.default_locale }, io);
}

/** Opens the file for the operator; false if this machine has no program for it. */
export type Viewer = (path: string) => Promise<boolean>;

/**
 * Prints, writes or opens a message with example data, or lists the templates. Sends nothing.
 * Exit code: 0 done, 1 failed, 2 no such template.
 */
export async function courierPreview(
  templates: Templates,
  { template, locale, format, output, open = false }: PreviewOptions,
  io: Io,
  view: Viewer = desktopViewer,
): Promise<number> {
  if (template === undefined) {
    for (const type of TEMPLATE_TYPES) io.out(type);
    return 0;
  }
  if (!isTemplateType(template)) {
    io.err(`No such template: ${template}. Choose one of:`);
    for (const type of TEMPLATE_TYPES) io.err(`  ${type}`);
    return 2;
  }
  const { subject, text, html } = templates.render(sampleMessage(template, locale));
  const asHtml = (format ?? (open ? 'html' : 'text')) === 'html';
  const shown = asHtml ? html : `Subject: ${subject}\n\n${text}`;
  if (output === undefined && !open) {
    io.out(shown.trimEnd());
    return 0;
  }
  const path = output ?? (await temporaryPath(`${template}.${locale}.${asHtml ? 'html' : 'txt'}`));
  if (!(await written(path, shown, io))) return 1;
  io.out(path);
  if (!open || (await view(path))) return 0;
  io.err('No program on this machine can open the file; open it yourself.');
  return 1;
}

const temporaryPath = async (name: string): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'regain-preview-')), name);

async function written(path: string, text: string, io: Io): Promise<boolean> {
  try {
    await writeFile(path, text);
    return true;
  } catch (error) {
    io.err(`Can't write ${path}: ${(error as { code?: string }).code ?? 'unknown error'}`);
    return false;
  }
}

const VIEWERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer.exe' };

const desktopViewer: Viewer = (path) =>
  new Promise((done) => {
    const viewer = spawn(VIEWERS[process.platform] ?? 'xdg-open', [path], { detached: true, stdio: 'ignore' });
    viewer.once('error', () => done(false));
    viewer.once('spawn', () => {
      viewer.unref();
      done(true);
    });
  });
