import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LEAST, temporaryFolder } from '../../test/support/configuration-files.js';
import { runConfigCheck } from './config-check.js';

async function check(yaml: string, format: 'text' | 'json', env: Record<string, string> = {}, dev = false) {
  const file = join(await temporaryFolder(), 'kratos.yml');
  await writeFile(file, yaml);
  const lines: string[] = [];
  const io = { out: (line: string) => lines.push(`out ${line}`), err: (line: string) => lines.push(`err ${line}`) };
  const code = await runConfigCheck({ files: [file], dev, format, env }, { out: io.out, err: io.err });
  return { code, lines };
}

describe('regain config check', () => {
  test('says that a configuration can be used, and what is special about it', async () => {
    const yaml = `${LEAST}\nregain: { recovery: { redeem_on: get } }\ntracing: { provider: otel }`;
    expect(await check(yaml, 'text', { LOG_LEVEL: 'error' })).toEqual({
      code: 0,
      lines: [
        'err warning: tracing has no effect: Regain sends no traces',
        'out deviation: regain.recovery.redeem_on: opening a link uses it up, and mail scanners open links',
        'out from the environment: log.level',
        'out The configuration can be used.',
      ],
    });
  });

  test('names every problem and fails', async () => {
    expect(await check(`${LEAST}\nlog: { level: hunter2 }\nsecret: hunter2`, 'text')).toEqual({
      code: 1,
      lines: [
        'err problem: log.level: must be one of trace, debug, info, warning, error, fatal, panic',
        'err problem: secret: is not a key that Regain or Kratos knows; did you mean secrets?',
        'err The configuration cannot be used: 2 to put right.',
      ],
    });
  });

  test('says the same as one line of JSON', async () => {
    const { code, lines } = await check('dsn: hunter2', 'json');
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]?.replace(/^out /, '') ?? '')).toEqual({
      ok: false,
      problems: [
        { path: 'dsn', message: 'must begin with postgres://, or be embedded or memory' },
        { path: 'identity.schemas', message: 'must name at least one schema' },
      ],
      warnings: [],
      deviations: [],
      environment_keys: [],
    });
  });

  test('knows --dev', async () => {
    const yaml = `${LEAST}\nserve: { public: { base_url: http://id.example } }`;
    expect((await check(yaml, 'json')).code).toBe(1);
    expect((await check(yaml, 'json', {}, true)).code).toBe(0);
  });
});
