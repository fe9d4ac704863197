import type { Urls } from '../config/index.js';
import { type Audience, type IdentityView, presentIdentity } from '../identity/index.js';
import type { DeviceResponse, ListedSessionResponse, SessionResponse } from './session.dto.js';
import type { DeviceView, SessionView, StoredSession } from './session.view.js';

export function presentSession(session: SessionView, urls: Urls): SessionResponse {
  return {
    ...presentFacts(session),
    identity: presentIdentity(session.identity, urls, { admin: false }),
    devices: session.devices.map(presentDevice),
  };
}

/** A single session for administrators. As recorded from Kratos, devices that were not requested are an empty list. */
export function presentStored(session: StoredSession, urls: Urls, audience: Audience): ListedSessionResponse {
  return {
    ...presentFacts(session),
    identity: session.identity ? presentIdentity(session.identity, urls, audience) : null,
    devices: session.devices?.map(presentDevice) ?? [],
  };
}

/**
 * A session in a list. As recorded from Kratos, fields that were not requested are null, and identities are shorter.
 */
export function presentListed(session: StoredSession, urls: Urls, audience: Audience): ListedSessionResponse {
  return {
    ...presentFacts(session),
    identity: session.identity ? presentShortIdentity(session.identity, urls, audience) : null,
    devices: session.devices?.map(presentDevice) ?? null,
  };
}

/** As recorded from Kratos: without addresses and with an empty schema_url. */
function presentShortIdentity(identity: IdentityView, urls: Urls, audience: Audience) {
  const short = { ...identity, recoveryAddresses: [], verifiableAddresses: [] };
  return { ...presentIdentity(short, urls, audience), schema_url: '' };
}

function presentFacts(session: SessionView | StoredSession): Omit<SessionResponse, 'identity' | 'devices'> {
  return {
    id: session.id,
    active: session.active,
    expires_at: session.expiresAt.toISOString(),
    authenticated_at: session.authenticatedAt.toISOString(),
    authenticator_assurance_level: session.aal,
    authentication_methods: session.methods.map(({ method, aal, completed_at, provider }) => ({
      method,
      aal,
      completed_at,
      ...(provider === undefined ? {} : { provider }),
    })),
    issued_at: session.issuedAt.toISOString(),
  };
}

const presentDevice = (device: DeviceView): DeviceResponse => ({
  id: device.id,
  ip_address: device.ipAddress,
  user_agent: device.userAgent,
  location: device.location,
});
