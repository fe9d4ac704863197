import { isLive } from '../../../src/session/sql.js';
import type { Person, Stage } from './stage.js';

/** The password that the owner sets. */
export const NEW = 'an entirely new pass phrase 1';

export interface Standing {
  epoch: number;
  /** a hand-over is open or was abandoned */
  open: boolean;
  /** ids of the live sessions; null if there are none */
  live: string[] | null;
  /** connected accounts that are not suspended */
  accounts: number;
}

const STANDING = `
  SELECT access_epoch AS epoch, hand_over_until IS NOT NULL AS open,
    (SELECT json_agg(s.id) FROM session s WHERE s.identity_id = i.id AND ${isLive('s', 'i')}) AS live,
    (SELECT count(*)::int FROM credential_identifier c WHERE c.identity_id = i.id AND c.type = 'oidc' AND c.suspended_at IS NULL) AS accounts
  FROM identity i WHERE i.id = $1`;

/** The state of an account in the database. */
export async function standingOf(stage: Stage, { id }: Person): Promise<Standing> {
  return (await stage.sql<Standing>(STANDING, [id]))[0]!;
}

/** When the hand-over ends: between `from` and `to`, in milliseconds of `performance.now()`. */
export async function endOf(stage: Stage, { id }: Person): Promise<{ from: number; to: number }> {
  const asked = performance.now();
  const [row] = await stage.sql<{ left: number }>(
    `SELECT extract(epoch FROM hand_over_until - clock_timestamp())::float8 * 1000 AS left FROM identity WHERE id = $1`,
    [id],
  );
  return { from: asked + row!.left, to: performance.now() + row!.left };
}
