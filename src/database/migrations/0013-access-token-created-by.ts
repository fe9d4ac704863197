import { Migration } from '@mikro-orm/migrations';

/** Finds the tokens that a token created, so that they can be revoked with it. */
export class Migration0013AccessTokenCreatedBy extends Migration {
  override up(): void {
    this.addSql(`CREATE INDEX access_token_created_by ON access_token (created_by) WHERE source = 'api'`);
  }
}
