import { expect } from 'vitest';
import {
  type Found,
  type KratosImportObserver,
  type KratosImportOptions,
  type KratosImportOutcome,
  KratosImportService,
} from '../../src/kratos-import/index.js';
import { CurrentRequest } from '../../src/platform/http/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { KratosDatabase } from '../support/kratos-database.js';

/** A Regain without identities, and a Kratos database for the test to fill. */
export interface Move {
  readonly app: TestApp;
  readonly kratos: KratosDatabase;
  run(options?: Partial<KratosImportOptions>, observer?: KratosImportObserver): Promise<KratosImportOutcome>;
  /** number of rows in a table of Regain */
  count(table: string): Promise<number>;
  /** empties both sides; audit events stay */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export async function move(config?: object): Promise<Move> {
  const app = await startTestApp({ config: { session: { whoami: { required_aal: 'aal1' } }, ...config } });
  const kratos = await KratosDatabase.make();
  const operator = { requestId: '', network: '', userAgent: 'test', actor: { type: 'operator' as const, id: 'ada' } };
  return {
    app,
    kratos,
    run: (options = {}, observer = {}) =>
      app
        .get(CurrentRequest)
        .run(operator, () =>
          app
            .get(KratosImportService)
            .run({ dsn: kratos.url, withSessions: false, dryRun: false, acceptLoss: [], ...options }, observer),
        ),
    count: async (table) =>
      (await app.sql<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`))[0]!.count,
    reset: async () => {
      await app.sql('TRUNCATE identity, kratos_import CASCADE');
      await kratos.reset();
    },
    stop: async () => {
      await app.stop();
      await kratos.drop();
    },
  };
}

/** The findings with a given name: detail, count and ids. */
export const found = ({ plan }: KratosImportOutcome, finding: Found['finding']): readonly Omit<Found, 'finding'>[] =>
  plan.found.filter((each) => each.finding === finding).map(({ finding: _, ...rest }) => rest);

/** Expects identities to be written, verified, and equal on both sides. */
export function expectMoved(outcome: KratosImportOutcome, identities: number): void {
  const { result, verification, written } = outcome;
  expect({
    result,
    equal: verification?.equal,
    identities: written?.identities,
    digests: verification?.digests,
  }).toEqual({
    result: 'done',
    equal: outcome.plan.counts?.identities,
    identities,
    digests: { source: verification?.digests.target, target: verification?.digests.source },
  });
}
