import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TEMPLATE_TYPES, Templates } from '../courier/index.js';
import { courierPreview, type PreviewOptions, type Viewer } from './courier-preview.js';

const templates = new Templates({ brand: 'Example', support: 'help@example.com' });

async function preview(options: Partial<PreviewOptions>, view?: Viewer) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await courierPreview(templates, { template: 'recovery_valid', locale: 'en', ...options }, io, view);
  return { code, out, err };
}

describe('courier preview', () => {
  test('prints the subject and the plain text', async () => {
    const { code, out, err } = await preview({ template: 'recovery_code_valid', locale: 'de' });
    expect([code, err]).toEqual([0, []]);
    expect(out.join('\n')).toMatch(
      /^Subject: Code 482913: zurück in Ihr Konto\n\nGuten Tag,\n[^]*\n482913\n[^]*help@example\.com$/,
    );
  });

  test('prints the HTML', async () => {
    const { out } = await preview({ format: 'html', locale: 'fr' });
    expect(out.join('\n')).toMatch(/^<!doctype html>\n<html lang="fr"[^]*<\/html>$/);
  });

  test('writes a file and prints its path', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'preview-'));
    const output = join(directory, 'mail.html');
    expect(await preview({ output, format: 'html' })).toEqual({ code: 0, out: [output], err: [] });
    expect(await readFile(output, 'utf8')).toContain('<title>Recover access to your account</title>');
    await rm(directory, { recursive: true });
  });

  test('opens HTML from a temporary file', async () => {
    const opened: string[] = [];
    const { code, out } = await preview({ open: true }, (path) => Promise.resolve(opened.push(path) > 0));
    expect([code, out]).toEqual([0, opened]);
    expect(opened[0]).toMatch(/recovery_valid\.en\.html$/);
    expect(await readFile(opened[0]!, 'utf8')).toContain('<!doctype html>');
  });

  test('fails if no program can open the file', async () => {
    const { code, out, err } = await preview({ open: true, format: 'text' }, () => Promise.resolve(false));
    expect(code).toBe(1);
    expect(out[0]).toMatch(/recovery_valid\.en\.txt$/);
    expect(err).toEqual(['No program on this machine can open the file; open it yourself.']);
  });

  test('fails if the file cannot be written', async () => {
    const output = join(tmpdir(), 'no', 'such', 'directory', 'mail.txt');
    expect(await preview({ output })).toEqual({ code: 1, out: [], err: [`Can't write ${output}: ENOENT`] });
  });

  test('lists the templates if none is named', async () => {
    expect(await preview({ template: undefined })).toEqual({ code: 0, out: [...TEMPLATE_TYPES], err: [] });
  });

  test('rejects an unknown template and lists the known ones', async () => {
    const { code, out, err } = await preview({ template: 'recovery' });
    expect([code, out]).toEqual([2, []]);
    expect(err).toEqual(['No such template: recovery. Choose one of:', ...TEMPLATE_TYPES.map((type) => `  ${type}`)]);
  });
});
