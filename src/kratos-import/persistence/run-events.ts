import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { AuditService } from '../../audit/index.js';
import { CurrentRequest, type RequestContext } from '../../platform/http/index.js';
import { type KratosImportOutcome, lossesIn } from '../kratos-import.report.js';

/** The row of a run, with its committed counts. */
export interface RunRow {
  readonly id: string;
  readonly network: string;
  readonly identities: number;
  readonly sessions: number;
}

const ENDS = {
  done: { action: 'identities.imported_from_kratos', outcome: 'success' },
  different: { action: 'kratos_import.different', outcome: 'refused' },
  undecided: { action: 'kratos_import.undecided', outcome: 'refused' },
  failed: { action: 'kratos_import.failed', outcome: 'refused' },
} as const;

/** The run that finds a killed run isn't its actor, so the event names none. */
const NOBODY: RequestContext = { requestId: '', network: '', userAgent: '', actor: { type: 'system' } };

/**
 * The audit trail of a run: its beginning and its end, with counts. Imported identities have no events of their own.
 * Events are written in the same transaction as the row's state: every row except a `running` one has an end in the trail.
 */
@Injectable()
export class RunEvents {
  constructor(
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
  ) {}

  async begun(em: SqlEntityManager, run: string, network: string): Promise<void> {
    const event = { action: 'kratos_import.begun', outcome: 'success' } as const;
    await this.#record(em, event, run, `import from network ${network}`);
  }

  async ended(em: SqlEntityManager, run: RunRow, outcome: KratosImportOutcome): Promise<void> {
    await this.#record(em, ENDS[outcome.result], run.id, [counts(run), ...notes(outcome)].join('; '));
  }

  async failed(em: SqlEntityManager, run: RunRow): Promise<void> {
    await this.#record(em, ENDS.failed, run.id, `${counts(run)}; aborted`);
  }

  async killed(em: SqlEntityManager, run: RunRow, foundBy: string): Promise<void> {
    const text = `${counts(run)}; killed or lost its database, found by run ${foundBy}`;
    await this.current.run(NOBODY, () => this.#record(em, ENDS.failed, run.id, text));
  }

  async #record(
    em: SqlEntityManager,
    event: { readonly action: string; readonly outcome: 'success' | 'refused' },
    run: string,
    text: string,
  ): Promise<void> {
    const context = this.current.get();
    const reason = context.reason === undefined ? text : `${context.reason} (${text})`;
    await this.current.run({ ...context, reason }, () =>
      this.audit.record(em, { ...event, targetType: 'kratos_import', targetId: run }),
    );
  }
}

const counts = ({ identities, sessions, network }: RunRow): string =>
  `${identities} identities and ${sessions} sessions from network ${network}`;

function notes({ plan, written, verification }: KratosImportOutcome): string[] {
  if (plan.blockers.length > 0) {
    const open = plan.blockers.map(({ reason, accept }) => (accept === undefined ? reason : `${reason} of ${accept}`));
    return [`open decisions: ${open.join(', ')}`];
  }
  const factors = written?.secondFactors ?? 0;
  const losses = lossesIn(plan.found).map(({ name, count }) => `${count} × ${name}`);
  return [
    ...(factors === 0 ? [] : [`${factors} second factors without their secrets`]),
    ...(verification === undefined ? [] : [`${verification.equal} of ${verification.compared} verified`]),
    ...(losses.length === 0 ? [] : [`left behind: ${losses.join(', ')}`]),
  ];
}
