import { Inject, Injectable } from '@nestjs/common';
import { RegainConfig } from '../../../config/index.js';
import { identifierRow, identityRow } from '../../../identity/sql.js';
import { Database, named } from '../../../platform/database/index.js';
import { CurrentRequest } from '../../../platform/http/index.js';
import { KEY_RING, type KeyRing } from '../../../platform/keys/index.js';
import { networkKey } from '../../../platform/rate-limit/index.js';

const identity = identityRow();
const identifier = identifierRow('ci');

/** Index: known_network_pkey. A frequently seen network is written once a day. */
const NOTE = named(
  'note_known_network',
  `
  INSERT INTO known_network AS known (identity_id, digest, access_epoch, seen_at)
  SELECT ${identity.id}, :digest::bytea, :epoch::integer, clock_timestamp() FROM ${identity.from}
  WHERE ${identity.id} = :identity_id::uuid FOR KEY SHARE
  ON CONFLICT (identity_id, digest) DO UPDATE SET access_epoch = excluded.access_epoch, seen_at = excluded.seen_at
  WHERE known.access_epoch <> excluded.access_epoch OR known.seen_at < excluded.seen_at - interval '1 day'`,
);

/** Index: credential_identifier_unique, known_network_pkey. Does the same work whether or not the identifier exists. */
const KNOWS = named(
  'knows_network',
  `
  SELECT EXISTS (
    SELECT FROM ${identifier.from} JOIN ${identity.from} ON ${identity.id} = ${identifier.identity_id}
      JOIN known_network ON known_network.identity_id = ${identity.id}
    WHERE ${identifier.type} = 'password' AND ${identifier.normalized} = :identifier::text AND known_network.digest = ANY (:digests::bytea[])
      AND known_network.access_epoch = ${identity.access_epoch}
      AND known_network.seen_at > clock_timestamp() - make_interval(secs => :seconds::double precision)) AS known`,
);

/**
 * MACs of the networks that people have signed in from. A credential set in a hand-over invalidates them, because it
 * raises the epoch.
 */
@Injectable()
export class KnownNetworks {
  readonly #seconds: number | undefined;

  constructor(
    private readonly db: Database,
    private readonly current: CurrentRequest,
    { login }: RegainConfig,
    @Inject(KEY_RING) private readonly keys: KeyRing,
  ) {
    this.#seconds = login.known_for?.seconds;
  }

  /** Whether the owner of the normalized identifier has signed in from the request's network. */
  async knows(identifier: string): Promise<boolean> {
    if (this.#seconds === undefined) return false;
    const digests = this.keys.macs('known-network', this.#network()).map(({ mac }) => mac);
    const [row] = await this.db.run<{ known: boolean }>(KNOWS, { identifier, digests, seconds: this.#seconds });
    return row!.known;
  }

  /** Records that the identity has just signed in or set a credential from the request's network. */
  async note(identityId: string, epoch: number): Promise<void> {
    if (this.#seconds === undefined) return;
    const { mac } = this.keys.mac('known-network', this.#network());
    await this.db.run(NOTE, { identity_id: identityId, epoch, digest: mac });
  }

  #network(): string {
    return networkKey(this.current.get().network);
  }
}
