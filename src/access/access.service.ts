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

  /** @throws TokenFieldInvalid (400), InsufficientScope (403) when a token asks for more than it holds */
  async create(wanted: NewAccessToken): Promise<CreatedAccessToken> {
    return this.creation.run(wanted);
  }

  /** Every one there ever was, newest first. */
  async list(): Promise<AccessTokenView[]> {
    return this.listing.all();
  }

  /** The same, `size` at a time. @throws PageTokenInvalid */
  async page({ size, token }: { size: number; token?: string | undefined }): Promise<AccessTokenPage> {
    return this.listing.page(size, token);
  }

  /**
   * @param cascade also ends the tokens made with it, and those made with them
   * @throws MissingRow, InsufficientScope (403) when a token would end one that may do more
   */
  async revoke(id: string, { cascade = false } = {}): Promise<Revocation> {
    return this.revocation.run(id, cascade);
  }

  /** Whom the token stands for; undefined alike for unknown, revoked, expired, malformed. @throws Unavailable */
  async authenticate(token: string): Promise<TokenHolder | undefined> {
    const holder = await this.authentication.run(token);
    if (holder) this.use.run(holder.id);
    return holder;
  }

  /** At start: what REGAIN_ACCESS_TOKEN and REGAIN_ACCESS_TOKEN_SCOPES (absent: all) say. @throws EnvironmentTokenInvalid */
  async syncEnvironmentToken(token: string | undefined, scopes?: readonly string[]): Promise<EnvironmentTokenState> {
    return this.environment.run(token, scopes);
  }
}
