import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../test/support/configuration-files.js';
import type { Report } from './report.js';
import { loadSchemaDocuments } from './schema-documents.js';
import { PRESETS } from './schema-presets.js';

async function read(url: string, dataDir = '/nowhere') {
  const report: Report = { problems: [], warnings: [] };
  const [document] = await loadSchemaDocuments([{ id: 'person', url }], dataDir, report);
  return { document, complaints: report.problems.map(({ path, message }) => `${path}: ${message}`), ...report };
}

async function serving(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hunter2.json`, server };
}

describe('schema documents', () => {
  test('a file and its base64 yield the same document', async () => {
    const path = join(await temporaryFolder(), 'person.json');
    await writeFile(path, '{"title":"Person"}');
    const fromFile = await read(pathToFileURL(path).href);
    const inline = await read(`base64://${Buffer.from('{"title":"Person"}').toString('base64')}`);
    expect(fromFile.document).toMatchObject({ id: 'person', raw: { title: 'Person' } });
    expect(fromFile.document?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(inline.document?.digest).toBe(fromFile.document?.digest);
  });

  test.each([
    ['base64://e30', []],
    ['base64://!!!', ['identity.schemas[0].url: is not valid base64']],
    ['base64://aHVudGVyMg==', ['identity.schemas[0].url: does not contain valid JSON']],
    ['base64://W10=', ['identity.schemas[0].url: does not contain a JSON object']],
    ['file:///nowhere/hunter2', ['identity.schemas[0].url: cannot be read (ENOENT)']],
    ['file:///tmp', ['identity.schemas[0].url: cannot be read (EISDIR)']],
  ])('%s', async (url, complaints) => {
    expect((await read(url)).complaints).toEqual(complaints);
  });

  test('reads every preset, and lists them for an unknown one', async () => {
    const files = await readdir('config/schemas');
    expect(files.map((file) => file.replace('.schema.json', '')).sort()).toEqual([...PRESETS].sort());
    for (const name of PRESETS) {
      const { document, complaints } = await read(`preset://${name}`);
      expect(complaints).toEqual([]);
      expect(document?.raw['$id']).toBe(`https://schemas.example.org/presets/${name}.schema.json`);
    }
    for (const name of ['email', '../kratos', 'username/'])
      expect((await read(`preset://${name}`)).complaints).toEqual([
        'identity.schemas[0].url: is not a preset: choose from email-password, username, phone, customer-number',
      ]);
  });

  test('stores a fetched document and uses it if the server is gone', async () => {
    const dataDir = await temporaryFolder();
    const { url, server } = await serving((_, response) => response.end('{"title":"Fetched"}'));
    const fetched = await read(url, dataDir);
    expect([fetched.document?.raw, fetched.warnings]).toEqual([{ title: 'Fetched' }, []]);
    expect(await readdir(join(dataDir, 'schemas'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);

    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const recalled = await read(url, dataDir);
    expect(recalled.document).toEqual(fetched.document);
    expect(recalled.warnings).toEqual(['identity.schemas[0].url: could not be fetched; using the last good copy']);
  });

  test('keeps the last good copy if the server answers nonsense', async () => {
    const dataDir = await temporaryFolder();
    let answer = '{"title":"Good"}';
    const { url } = await serving((_, response) => response.end(answer));
    await read(url, dataDir);
    answer = '<html>';
    expect((await read(url, dataDir)).document?.raw).toEqual({ title: 'Good' });
  });

  test('stores nothing without a data folder, and creates none', async () => {
    const dataDir = join(await temporaryFolder(), 'absent');
    const { url } = await serving((_, response) => response.end('{}'));
    expect((await read(url, dataDir)).complaints).toEqual([]);
    await expect(readdir(dataDir)).rejects.toThrow('ENOENT');
  });

  test('reports an error status, too large a document, and an unreachable server', async () => {
    const { url: failing } = await serving((_, response) => response.writeHead(503).end('hunter2'));
    expect((await read(failing)).complaints).toEqual([
      'identity.schemas[0].url: cannot be fetched (the server answers 503)',
    ]);
    const { url: huge } = await serving((_, response) => response.end(`{"a":"${'x'.repeat(1024 * 1024)}"}`));
    expect((await read(huge)).complaints).toEqual(['identity.schemas[0].url: is larger than 1 MB']);
    expect((await read('http://127.0.0.1:9/hunter2')).complaints).toEqual([
      'identity.schemas[0].url: cannot be fetched (no answer within 5 s)',
    ]);
  });

  test('gives up on a server that never finishes', async () => {
    const { url, server } = await serving((_, response) => void response.write('{'));
    onTestFinished(() => server.closeAllConnections());
    expect((await read(url)).complaints).toEqual(['identity.schemas[0].url: cannot be fetched (no answer within 5 s)']);
  }, 10_000);
});
