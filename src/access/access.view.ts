import type { Duration } from '../platform/duration/index.js';

/** Where a token was made: the API, a command, the environment of `serve`, the first start on an empty database. */
export type TokenSource = 'api' | 'command' | 'environment' | 'first_start';

/** A token as people see it: never its secret, never its digest. */
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
  /** as the database's clock has it */
  readonly state: 'active' | 'expired' | 'revoked';
}

export interface AccessTokenPage {
  readonly tokens: readonly AccessTokenView[];
  /** absent: this was the last page */
  readonly nextPageToken?: string;
}

export interface NewAccessToken {
  /** 1 to 100 characters */
  readonly name: string;
  readonly scopes: readonly string[];
  /** absent: it never expires */
  readonly expiresIn?: Duration | undefined;
  readonly source: TokenSource;
  /** who asked for it: a token's id, an operator's name */
  readonly createdBy: string;
}

/** `token` is the only copy of the secret. */
export interface CreatedAccessToken {
  readonly token: string;
  readonly view: AccessTokenView;
}

/** What a revocation did. */
export interface Revocation {
  /** false: the token itself had been revoked before */
  readonly revoked: boolean;
  /** how many tokens it ended, that one included */
  readonly ended: number;
}

/** Whom a request's token stands for. */
export interface TokenHolder {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
}
