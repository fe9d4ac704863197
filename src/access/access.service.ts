import { Injectable } from '@nestjs/common';
import type {
  AccessTokenPage,
  AccessTokenView,
  CreatedAccessToken,
  NewAccessToken,
  Revocation,
  TokenHolder,
} from './access.view.js';
import { AuthenticateToken } from './hot/authenticate-token.js';
import { NoteTokenUse } from './hot/note-token-use.js';
import { CreateToken } from './steps/create-token.js';
import { ListTokens } from './steps/list-tokens.js';
import { RevokeToken } from './steps/revoke-token.js';
import { type EnvironmentTokenState, SyncEnvironmentToken } from './steps/sync-environment-token.js';

@Injectable()
export class AccessTokenService {
  constructor(
    private readonly creation: CreateToken,
    private readonly listing: ListTokens,
    private readonly revocation: RevokeToken,
    private readonly environment: SyncEnvironmentToken,
    private readonly authentication: AuthenticateToken,
    private readonly use: NoteTokenUse,
  ) {}

  /** @throws TokenFieldInvalid (400), InsufficientScope (403) if a token requests scopes that it does not have */
  async create(wanted: NewAccessToken): Promise<CreatedAccessToken> {
    return this.creation.run(wanted);
  }

  /** All tokens, including revoked and expired ones, newest first. */
  async list(): Promise<AccessTokenView[]> {
    return this.listing.all();
  }

  /**
   * The same list in pages of `size`.
   * @throws PageTokenInvalid
   */
  async page({ size, token }: { size: number; token?: string | undefined }): Promise<AccessTokenPage> {
    return this.listing.page(size, token);
  }

  /**
   * @param cascade whether to revoke the tokens created with it too, and those created with them
   * @throws MissingRow, InsufficientScope (403) if the calling token has fewer scopes than the one to revoke
   */
  async revoke(id: string, { cascade = false } = {}): Promise<Revocation> {
    return this.revocation.run(id, cascade);
  }

  /**
   * The holder of a token; undefined for unknown, revoked, expired and malformed ones alike.
   * @throws Unavailable
   */
  async authenticate(token: string): Promise<TokenHolder | undefined> {
    const holder = await this.authentication.run(token);
    if (holder) this.use.run(holder.id);
    return holder;
  }

  /**
   * At start: applies REGAIN_ACCESS_TOKEN and REGAIN_ACCESS_TOKEN_SCOPES (absent: all scopes).
   * @throws EnvironmentTokenInvalid
   */
  async syncEnvironmentToken(token: string | undefined, scopes?: readonly string[]): Promise<EnvironmentTokenState> {
    return this.environment.run(token, scopes);
  }
}
