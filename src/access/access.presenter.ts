import type { AccessTokenResponse, CreatedAccessTokenResponse } from './access.dto.js';
import type { AccessTokenView, CreatedAccessToken } from './access.view.js';

export function presentAccessToken(view: AccessTokenView): AccessTokenResponse {
  return {
    id: view.id,
    name: view.name,
    last4: view.last4,
    scopes: [...view.scopes],
    state: view.state,
    source: view.source,
    created_by: view.createdBy,
    created_at: view.createdAt.toISOString(),
    expires_at: view.expiresAt?.toISOString() ?? null,
    last_used_at: view.lastUsedAt?.toISOString() ?? null,
    revoked_at: view.revokedAt?.toISOString() ?? null,
  };
}

export function presentCreatedToken({ token, view }: CreatedAccessToken): CreatedAccessTokenResponse {
  return { token, ...presentAccessToken(view) };
}
