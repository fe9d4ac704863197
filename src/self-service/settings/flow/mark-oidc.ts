import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';

const MARK = `UPDATE settings_flow SET active_method = 'oidc' WHERE id = ?`;

/** As recorded from Kratos: only this method stays named in the form (`active`) after use. */
@Injectable()
export class MarkOidc {
  constructor(private readonly db: Database) {}

  async markWithin(em: SqlEntityManager, flowId: string): Promise<void> {
    await em.execute(MARK, [flowId], 'run');
  }

  async mark(flowId: string): Promise<void> {
    await this.db.transaction((em) => this.markWithin(em, flowId));
  }
}
