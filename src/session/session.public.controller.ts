import { Delete, Get, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { Answer, PublicController, Query } from '../platform/http/index.js';
import { SessionDirectory } from './session.directory.js';
import { ListedSessionResponse, RevokedCountResponse, SessionResponse } from './session.dto.js';
import { numberedLinks } from './session.links.js';
import { ApiNumberedPages, NUMBERED_LINKS } from './session.openapi.js';
import { presentListed, presentSession } from './session.presenter.js';
import { readNumberedQuery } from './session.query.js';
import { NobodySignedIn, TokenizerTemplateUnknown } from './session.errors.js';
import { SessionService } from './session.service.js';
import type { SessionView } from './session.view.js';

const NOBODY = { status: 401, description: 'Nobody is signed in.' };

@ApiTags('frontend')
@PublicController('sessions')
export class SessionPublicController {
  constructor(
    private readonly sessions: SessionService,
    private readonly directory: SessionDirectory,
    private readonly urls: Urls,
  ) {}

  /** Answers who holds this session. A gateway can forward the header instead of reading the body. */
  @Get('whoami')
  @ApiOperation({ operationId: 'toSession', summary: 'Show who is signed in' })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiOkResponse({
    type: SessionResponse,
    headers: { 'X-Kratos-Authenticated-Identity-Id': { schema: { type: 'string', format: 'uuid' } } },
  })
  @ApiQuery({
    name: 'tokenize_as',
    required: false,
    type: String,
    description: 'Sessions are not converted to tokens.',
  })
  @ApiResponse({ status: 400, description: 'tokenize_as was given.' })
  @ApiResponse(NOBODY)
  @ApiResponse({
    status: 403,
    description: 'The identity has a second factor that the session did not prove (session.whoami.required_aal).',
  })
  async whoami(@Req() request: FastifyRequest, @Query('tokenize_as') template?: string): Promise<Answer> {
    const session = await this.sessions.whoami(request);
    if (template !== undefined) throw new TokenizerTemplateUnknown(template);
    return Answer.json(200, presentSession(session, this.urls)).withHeaders({
      'x-kratos-authenticated-identity-id': session.identity.id,
    });
  }

  @Get()
  @ApiOperation({ operationId: 'listMySessions', summary: "List the same person's other live sessions, newest first" })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiNumberedPages()
  @ApiResponse({ status: 200, type: [ListedSessionResponse], headers: NUMBERED_LINKS })
  @ApiResponse({ status: 400, description: 'A query parameter is invalid.' })
  @ApiResponse(NOBODY)
  async others(@Req() request: FastifyRequest): Promise<Answer> {
    const own = await this.#signedIn(request);
    const query = readNumberedQuery(request, { active: true });
    const page = await this.directory.others(own, query);
    const answer = await Answer.list(page.sessions, (each) => presentListed(each, this.urls, { admin: false }));
    return answer.withHeaders({
      link: numberedLinks('/sessions', { ...query, active: undefined }, page),
      'x-total-count': String(page.total),
    });
  }

  @Delete()
  @ApiOperation({ operationId: 'disableMyOtherSessions', summary: "End the same person's other sessions" })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiResponse({ status: 200, type: RevokedCountResponse })
  @ApiResponse(NOBODY)
  async revokeOthers(@Req() request: FastifyRequest): Promise<RevokedCountResponse> {
    return { count: await this.directory.revokeOthers(await this.#signedIn(request)) };
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'disableMySession', summary: 'End another session of the same person' })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({
    status: 204,
    description: 'The person has no such live session: it has just ended, had ended before, or never existed.',
  })
  @ApiResponse({
    status: 400,
    description: 'The id is not a UUID, or is the id of the session used for this request, which ends by logout.',
  })
  @ApiResponse(NOBODY)
  async revokeOther(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Answer> {
    await this.directory.revokeOther(await this.#signedIn(request), id);
    return Answer.empty();
  }

  async #signedIn(request: FastifyRequest): Promise<SessionView> {
    const session = await this.sessions.resolve(request);
    if (!session) throw new NobodySignedIn();
    return session;
  }
}
