import { Delete, Get, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Duration, DurationError } from '../platform/duration/index.js';
import { AdminController, Answer, CurrentRequest, JsonBody } from '../platform/http/index.js';
import { AccessTokenResponse, CreateAccessTokenBody, CreatedAccessTokenResponse } from './access.dto.js';
import { TokenFieldInvalid } from './access.errors.js';
import { presentAccessToken, presentCreatedToken } from './access.presenter.js';
import { AccessTokenService } from './access.service.js';

@ApiTags('access tokens')
@ApiBearerAuth()
@AdminController('access-tokens', { scope: 'tokens:write' })
export class AccessAdminController {
  constructor(
    private readonly tokens: AccessTokenService,
    private readonly current: CurrentRequest,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAccessTokens', summary: 'Every token, newest first; scope tokens:write' })
  @ApiOkResponse({ type: [AccessTokenResponse] })
  async list(): Promise<Answer> {
    const views = await this.tokens.list();
    return Answer.json(200, views.map(presentAccessToken));
  }

  @Post()
  @ApiOperation({
    operationId: 'createAccessToken',
    summary: 'Make a token with some of the scopes of the one in use; scope tokens:write',
  })
  @ApiBody({ type: CreateAccessTokenBody })
  @ApiCreatedResponse({ type: CreatedAccessTokenResponse })
  async create(@JsonBody(CreateAccessTokenBody) body: CreateAccessTokenBody): Promise<Answer> {
    const expiresIn = lifetime(body.expires_in);
    const createdBy = this.current.actor.id ?? this.current.actor.label ?? 'unknown';
    const created = await this.tokens.create({
      name: body.name,
      scopes: body.scopes,
      expiresIn,
      source: 'api',
      createdBy,
    });
    return Answer.json(201, presentCreatedToken(created));
  }

  @Delete(':id')
  @ApiOperation({
    operationId: 'revokeAccessToken',
    summary: 'Revoke a token, at once and for good; scope tokens:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'also when it was revoked before' })
  @ApiNotFoundResponse({ description: 'No such token.' })
  async revoke(@Param('id') id: string): Promise<Answer> {
    await this.tokens.revoke(id);
    return Answer.empty();
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
