import { Delete, Get, Param, Patch, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { AdminController, Answer, Scope } from '../platform/http/index.js';
import { SessionDirectory } from './session.directory.js';
import { ListedSessionResponse } from './session.dto.js';
import { pageLinks } from './session.links.js';
import { ApiActive, ApiExpand, ApiTokenPages, LINK } from './session.openapi.js';
import { presentListed, presentStored } from './session.presenter.js';
import { readExpand, readSessionQuery } from './session.query.js';

const ID = { name: 'id', format: 'uuid' };
const UNKNOWN = { status: 404, description: 'No such session.' };

@ApiTags('identity')
@ApiBearerAuth()
@AdminController('sessions', { scope: 'session:read' })
export class SessionAdminController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly urls: Urls,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSessions', summary: 'List all sessions, page by page; scope session:read' })
  @ApiTokenPages()
  @ApiActive()
  @ApiExpand()
  @ApiResponse({ status: 200, type: [ListedSessionResponse], headers: LINK })
  @ApiResponse({ status: 400, description: 'A query parameter that cannot be understood.' })
  async list(@Req() request: FastifyRequest): Promise<Answer> {
    const query = readSessionQuery(request);
    const page = await this.directory.list(query);
    const shown = page.sessions.map((session) => presentListed(session, this.urls, { admin: true }));
    return Answer.json(200, shown).withHeaders({ link: pageLinks('/admin/sessions', query, page) });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSession', summary: 'One session, in whatever state; scope session:read' })
  @ApiParam(ID)
  @ApiExpand()
  @ApiResponse({ status: 200, type: ListedSessionResponse })
  @ApiResponse(UNKNOWN)
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Answer> {
    const session = await this.directory.get(id, readExpand(request));
    return Answer.json(200, presentStored(session, this.urls));
  }

  @Delete(':id')
  @Scope('session:write')
  @ApiOperation({ operationId: 'disableSession', summary: 'End a session, at once and for good; scope session:write' })
  @ApiParam(ID)
  @ApiResponse({ status: 204, description: 'It has ended, now or before.' })
  @ApiResponse(UNKNOWN)
  async revoke(@Param('id') id: string): Promise<Answer> {
    await this.directory.revoke(id);
    return Answer.empty();
  }

  @Patch(':id/extend')
  @Scope('session:write')
  @ApiOperation({
    operationId: 'extendSession',
    summary: 'Give a live session a whole lifespan from now on; scope session:write',
    description: 'One that is not due yet (session.earliest_possible_extend) is answered as it is.',
  })
  @ApiParam(ID)
  @ApiResponse({ status: 200, type: ListedSessionResponse })
  @ApiResponse({ status: 204, description: 'The same, where feature_flags.faster_session_extend is on.' })
  @ApiResponse({ status: 404, description: 'No such session, or one that has ended: nothing revives it.' })
  async extend(@Param('id') id: string): Promise<Answer> {
    const session = await this.directory.extend(id);
    return session === undefined ? Answer.empty() : Answer.json(200, presentStored(session, this.urls));
  }
}
