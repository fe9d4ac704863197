import { Inject, Injectable } from '@nestjs/common';
import { KEY_RING, type KeyRing } from '../platform/keys/index.js';
import { IdentityRefused } from './identity.errors.js';

/** A MAC and an id, in one spelling only. */
const SHAPE = /^([0-9a-f]{64})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Smaller than every id: the token of a first page. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Cursors over identities: the last id of the page before, under a MAC, at the end as clients of Kratos see it. */
@Injectable()
export class IdentityPageTokens {
  constructor(@Inject(KEY_RING) private readonly keys: KeyRing) {}

  /** @param id of the last identity on the page; absent: of the first page */
  seal(id: string = BEFORE_ALL): string {
    return `${this.keys.mac('page-token', 'identities', id).mac.toString('hex')}.${id}`;
  }

  /** The id after which the page begins. @throws IdentityRefused */
  open(token: string | undefined): string {
    if (token === undefined) return BEFORE_ALL;
    const [, mac = '', id = ''] = SHAPE.exec(token) ?? [];
    if (!this.keys.verifies('page-token', Buffer.from(mac, 'hex'), 'identities', id))
      throw new IdentityRefused('The page token is invalid, do not craft your own page tokens');
    return id;
  }
}
