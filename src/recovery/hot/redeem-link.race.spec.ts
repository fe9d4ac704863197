import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApp, type TestApp } from '../../../test/support/app.js';
import { newLink } from '../../../test/support/links.js';
import { whoami } from '../../../test/support/live-sessions.js';
import { newPerson } from '../../../test/support/people.js';
import { IdentityService } from '../../identity/index.js';
import { CurrentRequest } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { newSessionToken } from '../../session/index.js';
import { type Redemption, RedeemLinkStatement } from './redeem-link.js';

const CALLERS = 24;
const ROUNDS = 5;

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ config: { regain: { database: { pool: 30 } } } })));
afterAll(() => app.stop());

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

function redemption(link: URL, nonce: string | null): Redemption {
  return {
    flowId: link.searchParams.get('flow')!,
    tokenDigest: sha256(link.searchParams.get('token')!),
    sessionTokenDigest: randomBytes(32),
    csrfDigest: randomBytes(32),
    nonceDigest: nonce === null ? null : sha256(nonce),
    previousTokenDigest: null,
    requestUrl: `${app.publicUrl}/self-service/recovery`,
  };
}

const redeem = (link: URL, nonce: string | null) =>
  app.get(RedeemLinkStatement).run(redemption(link, nonce), app.get(CurrentRequest));
const together = (link: URL, nonce: string | null) =>
  Promise.all(Array.from({ length: CALLERS }, () => redeem(link, nonce))).then((answers) =>
    answers.filter((answer) => answer !== undefined),
  );
const sessions = (identityId: string) =>
  app.sql<{ active: boolean }>('SELECT active FROM session WHERE identity_id = $1', [identityId]);

describe('many concurrent redemptions of one link', () => {
  test('have one winner, one session, one settings flow, one audit event', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await newPerson(app);
      const won = await together(await newLink(app, id), null);
      expect(won).toHaveLength(1);
      expect(await sessions(id)).toEqual([{ active: true }]);
      expect(await app.sql('SELECT id FROM settings_flow WHERE identity_id = $1', [id])).toHaveLength(1);
      const redeemed = `SELECT id FROM audit_event WHERE target_id = $1 AND action = 'recovery.link.redeemed' AND outcome = 'success'`;
      expect(await app.sql(redeemed, [id])).toHaveLength(1);
    }
  });

  test('by different browsers have one winner', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const won = await Promise.all(Array.from({ length: CALLERS }, (_, i) => redeem(link, `nonce ${i}`)));
    expect(won.filter((answer) => answer !== undefined)).toHaveLength(1);
    expect(await sessions(id)).toEqual([{ active: true }]);
  });

  test('by one browser leave one live session', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await newPerson(app);
      const won = await together(await newLink(app, id), 'the same nonce');
      expect(won.length).toBeGreaterThanOrEqual(1);
      expect((await sessions(id)).filter((session) => session.active)).toHaveLength(1);
    }
  });

  test('never open a session after an acknowledged withdrawal', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await newPerson(app);
      const link = await newLink(app, id);
      const withdraw = app.sql<{ id: string }>(
        'UPDATE recovery_grant SET revoked_at = clock_timestamp() WHERE identity_id = $1 AND used_at IS NULL AND revoked_at IS NULL RETURNING id',
        [id],
      );
      const [won, withdrawn] = await Promise.all([redeem(link, null), withdraw]);
      expect((won === undefined ? 0 : 1) + withdrawn.length).toBe(1);
      expect(await sessions(id)).toHaveLength(won === undefined ? 0 : 1);
    }
  });

  test('do not come back to life when a deactivated identity is reactivated', async () => {
    const identities = app.get(IdentityService);
    for (let round = 0; round < 10; round++) {
      const { id } = await newPerson(app);
      const link = await newLink(app, id);
      await Promise.all([redeem(link, null), identities.setState(id, 'inactive')]);
      await identities.setState(id, 'active');
      const alive = `SELECT s.id FROM session s JOIN identity i ON i.id = s.identity_id WHERE i.id = $1 AND s.issued_at >= i.sessions_valid_from`;
      expect(await app.sql(alive, [id])).toEqual([]);
    }
  });

  test('a session that commits while the redemption waits ends, like earlier ones', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id);
    const token = newSessionToken(new Random());
    const other = new pg.Client({ connectionString: app.databaseUrl });
    await other.connect();
    await other.query('BEGIN');
    await other.query('SELECT FROM identity WHERE id = $1 FOR SHARE', [id]);
    const redeemed = redeem(link, null);
    await vi.waitUntil(
      async () =>
        (
          await app.sql(
            `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
          )
        ).length > 0,
    );
    await other.query(
      `INSERT INTO session (id, token_digest, identity_id, methods, origin, issued_at, authenticated_at, expires_at)
       VALUES ($1, $2, $3, '[]', 'login', clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '1 hour')`,
      [new Random().uuid(), sha256(token), id],
    );
    await other.query('COMMIT');
    await other.end();
    expect(await redeemed).not.toBe(undefined);
    expect(await whoami(app, token)).toEqual([401]);
  });

  test('a link that expires while its row is locked is refused', async () => {
    const { id } = await newPerson(app);
    const link = await newLink(app, id, { expires_in: '400ms' });
    const locked = app.sql(
      `WITH held AS (SELECT id FROM recovery_grant WHERE identity_id = $1 FOR UPDATE) SELECT pg_sleep(0.9) FROM held`,
      [id],
    );
    await new Promise((done) => setTimeout(done, 100));
    expect(await redeem(link, null)).toBe(undefined);
    await locked;
    expect(await sessions(id)).toEqual([]);
  });
});
