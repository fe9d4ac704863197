import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { identityRow } from '../../../identity/sql.js';
import { Database, named } from '../../../platform/database/index.js';
import { DEVICE_COOKIE, type DeviceCookie } from '../../../platform/http/index.js';
import { Random } from '../../../platform/random/index.js';
import { KnownNetworks } from '../persistence/known-networks.js';

const DEVICE_LENGTH = 22;

/** Index: identity_pkey. */
const identity = identityRow();
const EPOCH = named(
  'access_epoch_of',
  `SELECT ${identity.access_epoch} AS epoch FROM ${identity.from} WHERE ${identity.id} = :identity_id::uuid`,
);

/** Somebody is in: from now on neither this browser nor this network is a stranger's. */
@Injectable()
export class RememberOwner {
  constructor(
    private readonly db: Database,
    private readonly networks: KnownNetworks,
    private readonly random: Random,
    @Inject(DEVICE_COOKIE) private readonly devices: DeviceCookie,
  ) {}

  /**
   * @param epoch the identity's access epoch that the proof was given in
   * @returns the `Set-Cookie` line of the device; undefined where no browser is to be known
   */
  async run(request: FastifyRequest, identityId: string, epoch: number): Promise<string | undefined> {
    await this.networks.note(identityId, epoch);
    const device = this.devices.read(request);
    const id = device?.identityId === identityId ? device.id : this.random.base62(DEVICE_LENGTH);
    return this.devices.line({ identityId, id, epoch });
  }

  /** The same, for whoever has just set a credential: every other browser and network is a stranger's then. */
  async afterChange(request: FastifyRequest, identityId: string): Promise<string | undefined> {
    const [row] = await this.db.run<{ epoch: number }>(EPOCH, { identity_id: identityId });
    return row && this.run(request, identityId, row.epoch);
  }
}
