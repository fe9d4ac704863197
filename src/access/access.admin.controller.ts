import { Delete, Get, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { RegainConfig, Urls } from '../config/index.js';
import { Duration, DurationError } from '../platform/duration/index.js';
import {
  AdminController,
  Answer,
  CurrentRequest,
  IdParam,
  ListFilters,
  Query,
  QueryFlag,
  type Given,
  KnownBody,
  warned,
} from '../platform/http/index.js';
import { ApiPage, ApiPageQuery, nextLink, readPageSize } from '../platform/paging/index.js';
import { AccessTokenResponse, CreateAccessTokenBody, CreatedAccessTokenResponse } from './access.dto.js';
import { TokenFieldInvalid } from './access.errors.js';
import { presentAccessToken, presentCreatedToken } from './access.presenter.js';
import { AccessTokenService } from './access.service.js';
import type { AccessTokenPage } from './access.view.js';

const PAGE = { usual: 250, largest: 1_000 };

@ApiTags('access tokens')
@ApiBearerAuth()
@AdminController('access-tokens', { scope: 'tokens:write' })
export class AccessAdminController {
  constructor(
    private readonly tokens: AccessTokenService,
    private readonly current: CurrentRequest,
    private readonly urls: Urls,
    private readonly regain: RegainConfig,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAccessTokens', summary: 'List all tokens, newest first; scope tokens:write' })
  @ApiPageQuery(PAGE)
  @ApiPage(AccessTokenResponse)
  @ListFilters(['page_size', 'page_token'], { limit: 'page_size', per_page: 'page_size' })
  async list(@Query('page_size') size?: string, @Query('page_token') token?: string): Promise<Answer> {
    const page = await this.tokens.page({ size: readPageSize(size, PAGE), token });
    return Answer.json(200, page.tokens.map(presentAccessToken)).withHeaders(nextLink(this.#next(page, size)));
  }

  @Post()
  @ApiOperation({
    operationId: 'createAccessToken',
    summary: 'Create a token with some of the scopes of your own; scope tokens:write',
  })
  @ApiBody({ type: CreateAccessTokenBody })
  @ApiCreatedResponse({ type: CreatedAccessTokenResponse })
  async create(@KnownBody(CreateAccessTokenBody) given: Given<CreateAccessTokenBody>): Promise<Answer> {
    const { body, warnings } = given.read(this.regain.admin.strict_fields);
    const expiresIn = lifetime(body.expires_in);
    const createdBy = this.current.actor.id ?? this.current.actor.label ?? 'unknown';
    const created = await this.tokens.create({
      name: body.name,
      scopes: body.scopes,
      expiresIn,
      source: 'api',
      createdBy,
    });
    return Answer.json(201, { ...presentCreatedToken(created), ...warned(warnings) });
  }

  @Delete(':id')
  @ApiOperation({
    operationId: 'revokeAccessToken',
    summary: 'Revoke a token permanently, unless it may do more than your own; scope tokens:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiQuery({
    name: 'cascade',
    required: false,
    type: Boolean,
    description: 'whether to revoke the tokens created with it too, and those created with them; default false',
    example: true,
  })
  @ApiNoContentResponse({ description: 'revoked now or before' })
  @ApiNotFoundResponse({ description: 'No such token.' })
  async revoke(@IdParam() id: string, @QueryFlag('cascade') cascade: boolean): Promise<Answer> {
    await this.tokens.revoke(id, { cascade });
    return Answer.empty();
  }

  #next({ nextPageToken }: AccessTokenPage, size: string | undefined): string | undefined {
    if (nextPageToken === undefined) return undefined;
    const query = { ...(size === undefined ? {} : { page_size: size }), page_token: nextPageToken };
    return this.urls.admin('/admin/access-tokens', query);
  }
}

function lifetime(text: string | undefined | null): Duration | undefined {
  if (text === undefined || text === null || text === '') return undefined;
  try {
    return Duration.parse(text);
  } catch (error) {
    if (error instanceof DurationError) throw new TokenFieldInvalid('expires_in', error.message);
    throw error;
  }
}
