import { Inject, Injectable } from '@nestjs/common';
import { identityRow } from '../../../identity/sql.js';
import { Database, named } from '../../../platform/database/index.js';
import { type Caller, DEVICE_COOKIE, type DeviceCookie } from '../../../platform/http/index.js';
import { Random } from '../../../platform/random/index.js';
import { KnownNetworks } from '../persistence/known-networks.js';

const DEVICE_LENGTH = 22;

/** Index: identity_pkey. */
const identity = identityRow();
const EPOCH = named(
  'access_epoch_of',
  `SELECT ${identity.access_epoch} AS epoch FROM ${identity.from} WHERE ${identity.id} = :identity_id::uuid`,
);

/** After a sign-in, this browser and this network count as known. */
@Injectable()
export class RememberOwner {
  constructor(
    private readonly db: Database,
    private readonly networks: KnownNetworks,
    private readonly random: Random,
    @Inject(DEVICE_COOKIE) private readonly devices: DeviceCookie,
  ) {}

  /**
   * @param epoch the identity's access epoch when the proof was given
   * @returns the device's `Set-Cookie` line; undefined if no browser should be remembered
   */
  async run(caller: Caller, identityId: string, epoch: number): Promise<string | undefined> {
    await this.networks.note(identityId, epoch);
    const device = this.devices.read(caller);
    const id = device?.identityId === identityId ? device.id : this.random.base62(DEVICE_LENGTH);
    return this.devices.line({ identityId, id, epoch });
  }

  /** The same after a credential was set; every other browser and network is unknown from then on. */
  async afterChange(caller: Caller, identityId: string): Promise<string | undefined> {
    const [row] = await this.db.run<{ epoch: number }>(EPOCH, { identity_id: identityId });
    return row && this.run(caller, identityId, row.epoch);
  }
}
