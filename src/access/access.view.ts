import type { Duration } from '../platform/duration/index.js';

/**
 * Where a token was created: the API, a command, the environment of `serve`, or the first start on an empty database.
 */
export type TokenSource = 'api' | 'command' | 'environment' | 'first_start';

/** A token without its secret and digest. */
export interface AccessTokenView {
  readonly id: string;
  readonly name: string;
  readonly last4: string;
  readonly scopes: readonly string[];
  readonly source: TokenSource;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  /** by the database's clock */
  readonly state: 'active' | 'expired' | 'revoked';
}

export interface AccessTokenPage {
  readonly tokens: readonly AccessTokenView[];
  /** absent on the last page */
  readonly nextPageToken?: string;
}

export interface NewAccessToken {
  /** 1 to 100 characters */
  readonly name: string;
  readonly scopes: readonly string[];
  /** absent: never expires */
  readonly expiresIn?: Duration | undefined;
  readonly source: TokenSource;
  /** who requested it: a token's id or an operator's name */
  readonly createdBy: string;
}

/** `token` is the only copy of the secret. */
export interface CreatedAccessToken {
  readonly token: string;
  readonly view: AccessTokenView;
}

/** The effect of a revocation. */
export interface Revocation {
  /** false if the token had already been revoked */
  readonly revoked: boolean;
  /** how many tokens it revoked, including that one */
  readonly ended: number;
}

/** Who a request's token stands for. */
export interface TokenHolder {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
}
