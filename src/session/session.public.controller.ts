import { Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { Unauthorized } from '../platform/errors/index.js';
import { Answer, PublicController } from '../platform/http/index.js';
import { SessionResponse } from './session.dto.js';
import { presentSession } from './session.presenter.js';
import { SessionService } from './session.service.js';

@ApiTags('frontend')
@PublicController('sessions')
export class SessionPublicController {
  constructor(
    private readonly sessions: SessionService,
    private readonly urls: Urls,
  ) {}

  /** Who the bearer of this session is; a gateway may forward the header instead of reading the body. */
  @Get('whoami')
  @ApiOperation({ operationId: 'toSession', summary: 'Who the bearer of this session is' })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiOkResponse({
    type: SessionResponse,
    headers: { 'X-Kratos-Authenticated-Identity-Id': { schema: { type: 'string', format: 'uuid' } } },
  })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  async whoami(@Req() request: FastifyRequest): Promise<Answer> {
    const session = await this.sessions.resolve(request);
    if (!session) throw new Unauthorized('No valid session credentials found in the request.');
    return Answer.json(200, presentSession(session, this.urls)).withHeaders({
      'x-kratos-authenticated-identity-id': session.identity.id,
    });
  }
}
