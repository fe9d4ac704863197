import type { Urls } from '../config/index.js';
import { presentIdentity } from '../identity/index.js';
import type { SessionResponse } from './session.dto.js';
import type { SessionView } from './session.view.js';

export function presentSession(session: SessionView, urls: Urls): SessionResponse {
  return {
    id: session.id,
    active: session.active,
    expires_at: session.expiresAt.toISOString(),
    authenticated_at: session.authenticatedAt.toISOString(),
    authenticator_assurance_level: session.aal,
    authentication_methods: session.methods.map(({ method, aal, completed_at }) => ({ method, aal, completed_at })),
    issued_at: session.issuedAt.toISOString(),
    identity: presentIdentity(session.identity, urls, { admin: false }),
    devices: session.devices.map((device) => ({
      id: device.id,
      ip_address: device.ipAddress,
      user_agent: device.userAgent,
      location: device.location,
    })),
  };
}
