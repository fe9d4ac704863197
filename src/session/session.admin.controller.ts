import { Delete, Get, Patch, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { administrator } from '../identity/index.js';
import { AdminController, Answer, CurrentRequest, ListFilters, Scope, StrictIdParam } from '../platform/http/index.js';
import { SessionDirectory } from './session.directory.js';
import { ListedSessionResponse } from './session.dto.js';
import { pageLinks } from './session.links.js';
import { ApiActive, ApiExpand, ApiTokenPages, LINK } from './session.openapi.js';
import { presentListed, presentStored } from './session.presenter.js';
import type { StoredSession } from './session.view.js';
import { readExpand, readSessionQuery, SESSION_MEANT, SESSION_PARAMETERS } from './session.query.js';

const ID = { name: 'id', format: 'uuid' };
const MALFORMED = { status: 400, description: 'The id is not a UUID, or a query parameter is invalid.' };
const UNKNOWN = { status: 404, description: 'The session does not exist.' };

@ApiTags('identity')
@ApiBearerAuth()
@AdminController('sessions', { scope: 'session:read' })
export class SessionAdminController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly urls: Urls,
    private readonly current: CurrentRequest,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSessions', summary: 'List all sessions, page by page; scope session:read' })
  @ApiTokenPages()
  @ApiActive()
  @ApiExpand()
  @ListFilters(SESSION_PARAMETERS, SESSION_MEANT)
  @ApiResponse({ status: 200, type: [ListedSessionResponse], headers: LINK })
  @ApiResponse({ status: 400, description: 'A query parameter is invalid.' })
  async list(@Req() request: FastifyRequest): Promise<Answer> {
    const query = readSessionQuery(request);
    const page = await this.directory.list(query);
    const present = (session: StoredSession) => presentListed(session, this.urls, administrator(this.current));
    return (await Answer.list(page.sessions, present)).withHeaders({ link: pageLinks('/admin/sessions', query, page) });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSession', summary: 'Get a session in any state; scope session:read' })
  @ApiParam(ID)
  @ApiExpand()
  @ApiResponse({ status: 200, type: ListedSessionResponse })
  @ApiResponse(UNKNOWN)
  @ApiResponse(MALFORMED)
  async get(@StrictIdParam() id: string, @Req() request: FastifyRequest): Promise<Answer> {
    const session = await this.directory.get(id, readExpand(request));
    return Answer.json(200, presentStored(session, this.urls, administrator(this.current)));
  }

  @Delete(':id')
  @Scope('session:write')
  @ApiOperation({ operationId: 'disableSession', summary: 'Permanently end a session; scope session:write' })
  @ApiParam(ID)
  @ApiResponse({ status: 204, description: 'The session has ended, now or earlier.' })
  @ApiResponse(UNKNOWN)
  @ApiResponse(MALFORMED)
  async revoke(@StrictIdParam() id: string): Promise<Answer> {
    await this.directory.revoke(id);
    return Answer.empty();
  }

  @Patch(':id/extend')
  @Scope('session:write')
  @ApiOperation({
    operationId: 'extendSession',
    summary: 'Extend a live session by a full lifespan, counted from now; scope session:write',
    description: 'The session. A session that is not due yet (session.earliest_possible_extend) is returned unchanged.',
  })
  @ApiParam(ID)
  @ApiResponse({ status: 200, type: ListedSessionResponse })
  @ApiResponse({ status: 204, description: 'The same, without a body, if feature_flags.faster_session_extend is on.' })
  @ApiResponse({
    status: 404,
    description: 'The session does not exist or has ended. An ended session cannot be extended.',
  })
  async extend(@StrictIdParam() id: string): Promise<Answer> {
    const session = await this.directory.extend(id);
    return session === undefined
      ? Answer.empty()
      : Answer.json(200, presentStored(session, this.urls, administrator(this.current)));
  }
}
