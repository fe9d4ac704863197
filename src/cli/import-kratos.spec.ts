import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { KratosImportOptions, KratosImportOutcome, KratosPlan } from '../kratos-import/index.js';
import { type ImportKratosOptions, importRequest, runImportKratos } from './import-kratos.js';
import { progressTo } from './progress.js';
import { WrongUsage } from './wrong-usage.js';

const NETWORK = '884f556e-eb3a-4b9f-bee3-11345642c6c0';
const ID = '5ff66179-c240-4703-b0d8-494592cefff5';
const DSN = 'postgres://kratos:pass-word@db.internal/kratos';
const PLAN: KratosPlan = {
  networks: [{ id: NETWORK, identities: 3 }],
  network: NETWORK,
  counts: { identities: 3, credentials: 4, identifiers: 5, recoveryAddresses: 6, verifiableAddresses: 7, sessions: 8 },
  schemas: [
    { id: 'person', identities: 2, known: true },
    { id: 'robot', identities: 1, known: false },
  ],
  identities: { fresh: 2, earlier: 1, different: 0 },
  sessions: 1,
  hashes: [
    { kind: 'bcrypt', fate: 'kept', count: 2 },
    { kind: 'md5', fate: 'wrapped', count: 1 },
  ],
  found: [
    { finding: 'credential_not_brought', detail: 'totp', count: 1, ids: [ID] },
    { finding: 'second_factor', detail: '', count: 1, ids: Array.from({ length: 6 }, () => ID) },
  ],
  secondFactor: 'refuse',
  blockers: [],
};
const VERIFICATION = {
  compared: 3,
  equal: 2,
  missing: [ID],
  different: [],
  sessions: { expected: 1, equal: 1 },
  digests: { source: 'a'.repeat(64), target: 'b'.repeat(64) },
};
const WRITTEN = { run: ID, identities: 2, secondFactors: 0, sessions: 1, seconds: 0.5 };

/** Runs the command on a service with this outcome. */
async function run(
  outcome: KratosImportOutcome,
  options: Partial<ImportKratosOptions> = { fromEnv: 'KRATOS_DSN' },
): Promise<{ code: number; out: string; err: string; given: KratosImportOptions | undefined }> {
  const [out, err]: [string[], string[]] = [[], []];
  const io = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  let given: KratosImportOptions | undefined;
  const service = {
    run: async (
      ...[wanted, observer]: Parameters<Parameters<typeof runImportKratos>[0]['run']>
    ): Promise<KratosImportOutcome> => {
      given = wanted;
      for (const done of [0, 1, 2, 3, 3]) await observer?.progress?.('plan', done, 3);
      await observer?.planned?.(outcome.plan);
      return outcome;
    },
  };
  const environment = { KRATOS_DSN: DSN, EMPTY: '' };
  const format = options.format ?? 'text';
  const request = await importRequest({ format, ...options }, environment);
  const code = await runImportKratos(service, request, format, progressTo(io, false), io);
  return { code, out: out.join('\n'), err: err.join('\n'), given };
}

describe('exit codes', () => {
  test.each([
    ['done', 0],
    ['undecided', 3],
    ['different', 4],
  ] as const)('%s: %i', async (result, code) => {
    expect((await run({ result, plan: PLAN })).code).toBe(code);
    const json = await run({ result, plan: PLAN }, { fromEnv: 'KRATOS_DSN', format: 'json' });
    expect(JSON.parse(json.out)).toEqual({ result, plan: PLAN, exit_code: code });
  });
});

test('the plan lists what is imported, what is left behind, and the consequences', async () => {
  const { out, err } = await run({ result: 'done', plan: PLAN }, { fromEnv: 'KRATOS_DSN', dryRun: true });
  expect(out).toContain(`${NETWORK}  3`);
  expect(out).toContain('recovery addresses    6');
  expect(out).toContain('robot   1           NO');
  expect(out).toContain('md5            1      imported, wrapped in argon2id');
  expect(out).toContain('totp  1      the contents of this credential are left behind');
  expect(out).toContain(`${Array.from({ length: 5 }, () => ID).join(' ')} …`);
  expect(out).toContain('will be refused recovery, settings and login');
  expect(out).toContain('To import: 2 identities, 1 sessions. Already here: 1 equal, 0 with different data.');
  expect(out).toContain('Dry run: nothing was written.');
  expect(err.split('\n')).toEqual(['plan: 0 of 3', 'plan: 1 of 3', 'plan: 2 of 3', 'plan: 3 of 3']);
});

test('a dry run predicts the exit code and reports identities with different data', async () => {
  const plan = { ...PLAN, identities: { fresh: 2, earlier: 0, different: 1 } };
  const dry = await run({ result: 'different', plan }, { fromEnv: 'KRATOS_DSN', dryRun: true });
  expect(dry.code).toBe(4);
  expect(dry.out.split('\n').slice(-2)).toEqual([
    'Dry run: nothing was written.',
    'The import would exit with 4: 1 identities already exist with different data and would not be changed.',
  ]);
  const good = await run({ result: 'done', plan: PLAN }, { fromEnv: 'KRATOS_DSN', dryRun: true });
  expect([good.code, good.out.split('\n').at(-1)]).toEqual([0, 'Dry run: nothing was written.']);
});

test('says if second factors are ignored', async () => {
  const { out } = await run({ result: 'done', plan: { ...PLAN, secondFactor: 'ignore' } });
  expect(out).toContain('without their second factor');
});

test('open decisions come with the option that settles them', async () => {
  const blockers = [
    { reason: 'loss', text: '1 × totp would be left behind.', accept: 'totp' },
    { reason: 'unknown_schemas', text: 'a schema is missing' },
  ] as const;
  const { out } = await run({ result: 'undecided', plan: { ...PLAN, blockers } });
  expect(out).toContain('Nothing was written:\n- 1 × totp would be left behind.\n- a schema is missing');
  expect(out).toContain('To import anyway: --accept-loss totp');
});

test('names from the source cannot control the terminal', async () => {
  const name = 'to\u001b[2Jtp\u0007\n\u009b1m\u202e';
  const blockers = [{ reason: 'loss', text: `1 × ${name} would be left behind.`, accept: name }] as const;
  const { out } = await run({ result: 'undecided', plan: { ...PLAN, blockers } });
  expect(out).toContain('\n- 1 × to [2Jtp   1m  would be left behind.\nTo import anyway: --accept-loss to [2Jtp   1m ');
  expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

describe('accepted losses', () => {
  const refused = async (acceptLoss: readonly string[], plan = PLAN): Promise<unknown> =>
    run({ result: 'done', plan }, { fromEnv: 'KRATOS_DSN', acceptLoss }).then(
      ({ given }) => given?.acceptLoss,
      (error: unknown) => error,
    );

  test('an unknown kind is wrong usage, and the known ones are listed', async () => {
    const error = await refused(['totp', 'collision', 'TOTP\u001b[2J']);
    expect(error).toBeInstanceOf(WrongUsage);
    expect((error as WrongUsage).reason).toBe(
      'Unknown --accept-loss: collision, TOTP [2J. Choose from: passwords, identifiers, collisions, totp, lookup_secret, webauthn, passkey, saml.',
    );
  });

  test('accepts types of Kratos, named losses, and types that only this source has', async () => {
    const found = [{ finding: 'credential_not_brought', detail: 'thing_of_tomorrow', count: 1, ids: [ID] }] as const;
    const all = ['totp', 'lookup_secret', 'webauthn', 'passkey', 'saml', 'passwords', 'identifiers', 'collisions'];
    expect(await refused(all)).toEqual(all);
    expect(await refused(['thing_of_tomorrow'], { ...PLAN, found })).toEqual(['thing_of_tomorrow']);
    expect(await refused(['thing_of_tomorrow'])).toBeInstanceOf(WrongUsage);
  });

  test('reports a missing network first', async () => {
    const blockers = [{ reason: 'choose_network', text: 'choose one' }] as const;
    const plan: KratosPlan = { ...PLAN, network: undefined, found: [], blockers };
    expect((await run({ result: 'undecided', plan }, { fromEnv: 'KRATOS_DSN', acceptLoss: ['x'] })).code).toBe(3);
  });
});

test('the result has figures, the rate, and what is missing', async () => {
  const { out } = await run({ result: 'different', plan: PLAN, written: WRITTEN, verification: VERIFICATION });
  expect(out).toContain('identities per second   4');
  expect(out).toContain(`missing: ${ID}`);
  expect(out).toContain('The two sides differ.');
  const good = await run({ result: 'done', plan: PLAN, written: WRITTEN, verification: VERIFICATION });
  expect(good.out).toContain('Everything was imported as planned.');
});

describe('the DSN', () => {
  const outcome: KratosImportOutcome = { result: 'done', plan: PLAN };
  const refused = async (options: Partial<ImportKratosOptions>): Promise<string> =>
    run(outcome, options).then(
      () => 'was not refused',
      (error: unknown) => (error as { reason: string }).reason,
    );

  test('comes from a variable or a file', async () => {
    expect((await run(outcome)).given).toMatchObject({ dsn: DSN, withSessions: false, dryRun: false, acceptLoss: [] });
    const folder = await mkdtemp(join(tmpdir(), 'regain-test-'));
    await writeFile(join(folder, 'dsn'), `${DSN}\n`);
    expect((await run(outcome, { fromFile: join(folder, 'dsn') })).given?.dsn).toBe(DSN);
    await rm(folder, { recursive: true });
  });

  test('must be named exactly once and exist', async () => {
    expect(await refused({})).toContain('--from-env NAME or --from-file FILE');
    expect(await refused({ fromEnv: 'KRATOS_DSN', fromFile: 'x' })).toContain('--from-env NAME or --from-file FILE');
    expect(await refused({ fromEnv: 'NOT_SET' })).toBe('The variable NOT_SET is not set.');
    expect(await refused({ fromEnv: 'EMPTY' })).toBe('The variable EMPTY is not set.');
    expect(await refused({ fromFile: 'no/such/file' })).toContain('ENOENT');
    expect(await refused({ fromEnv: 'KRATOS_DSN', network: 'first' })).toContain('a UUID');
  });

  test('is not repeated if given instead of its name', async () => {
    expect(await refused({ fromEnv: DSN })).toBe('--from-env must be the name of a variable, not its value.');
  });

  test('is never printed', async () => {
    const { out, err } = await run({ result: 'different', plan: PLAN, written: WRITTEN, verification: VERIFICATION });
    expect(out + err).not.toContain('pass-word');
  });
});
