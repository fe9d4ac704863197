import { Injectable } from '@nestjs/common';
import { SecretsConfig } from '../../../config/index.js';
import { Database } from '../../../platform/database/index.js';
import type { FormFields } from '../../../platform/http/index.js';
import { parseExact } from '../../../platform/json/index.js';
import { digest, KeyRing, Seal } from '../../../platform/keys/index.js';
import { Random } from '../../../platform/random/index.js';
import type { Submission } from '../flow/change-by-owner.js';

/** Seconds that a person has to sign in again. */
const LIFETIME = 900;
/** Bytes. A longer form is not kept, so the person must send it again. */
const LONGEST = 16_384;

/**
 * One form per flow; this also deletes expired ones. Index: settings_continuation_pkey,
 * settings_continuation_expires_at.
 */
const KEEP = `
  WITH forgotten_ AS (DELETE FROM settings_continuation WHERE expires_at <= clock_timestamp() AND flow_id <> $1::uuid)
  INSERT INTO settings_continuation AS kept (flow_id, identity_id, session_id, browser_digest, key_id, sealed, expires_at)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4::bytea, $5::text, $6::bytea, clock_timestamp() + make_interval(secs => $7::float8))
  ON CONFLICT (flow_id) DO UPDATE SET identity_id = excluded.identity_id, session_id = excluded.session_id,
    browser_digest = excluded.browser_digest, key_id = excluded.key_id, sealed = excluded.sealed, expires_at = excluded.expires_at`;

/** Index: settings_continuation_pkey. */
const TAKE = `
  DELETE FROM settings_continuation
  WHERE flow_id = $1::uuid AND identity_id = $2::uuid AND session_id = $3::uuid AND browser_digest = $4::bytea
    AND expires_at > clock_timestamp()
  RETURNING key_id AS "keyId", sealed`;

/**
 * HOT: keeps a form whose person must sign in again first.
 * Invariant: a kept form is taken once, by the session and the browser that sent it. It is encrypted for its flow,
 * identity and session, with a key from `secrets.cipher`.
 * Guarded by: continuation.race.spec.ts
 */
@Injectable()
export class Continuation {
  readonly #seal: Seal;

  constructor(
    private readonly db: Database,
    { cipher }: SecretsConfig,
    random: Random,
  ) {
    this.#seal = new Seal(new KeyRing(cipher), random);
  }

  /** @param browser the secret in the browser's continuity cookie */
  async keep(submission: Submission, form: FormFields, browser: string): Promise<void> {
    const { csrf_token: _, ...rest } = form;
    const text = JSON.stringify(rest);
    if (Buffer.byteLength(text) > LONGEST) return;
    const { keyId, sealed } = this.#seal.seal(ownerOf(submission), text);
    await this.db.statement('keep_settings_form', KEEP, [...valuesOf(submission, browser), keyId, sealed, LIFETIME]);
  }

  /** Returns the kept form, once; undefined if there is none, or if it belongs to another session or browser. */
  async take(submission: Submission, browser: string): Promise<FormFields | undefined> {
    const [row] = await this.db.statement<{ keyId: string; sealed: Buffer }>(
      'take_settings_form',
      TAKE,
      valuesOf(submission, browser),
    );
    const text = row && this.#seal.open(ownerOf(submission), row);
    return text === undefined ? undefined : (parseExact(text) as FormFields);
  }
}

const ownerOf = ({ flow, sessionId }: Submission): string[] => [
  'settings_continuation',
  flow.id,
  flow.identityId,
  sessionId,
];

const valuesOf = ({ flow, sessionId }: Submission, browser: string): unknown[] => [
  flow.id,
  flow.identityId,
  sessionId,
  digest(browser),
];
