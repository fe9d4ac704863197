import { Migration } from '@mikro-orm/migrations';

/** Which tokens a token made: revoking one can take them along. */
export class Migration0013AccessTokenCreatedBy extends Migration {
  override up(): void {
    this.addSql(`CREATE INDEX access_token_created_by ON access_token (created_by) WHERE source = 'api'`);
  }
}
