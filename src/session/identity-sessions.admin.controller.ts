import { Delete, Get, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { administrator } from '../identity/index.js';
import { AdminController, Answer, CurrentRequest, ListFilters, Scope, StrictIdParam } from '../platform/http/index.js';
import { SessionDirectory } from './session.directory.js';
import { ListedSessionResponse } from './session.dto.js';
import { numberedLinks } from './session.links.js';
import { ApiActive, ApiNumberedPages, NUMBERED_LINKS } from './session.openapi.js';
import { presentListed } from './session.presenter.js';
import type { StoredSession } from './session.view.js';
import { NUMBERED_PARAMETERS, readNumberedQuery, SESSION_MEANT } from './session.query.js';

/** The path is under /admin/identities, but the session module owns sessions. */
@ApiTags('identity')
@ApiBearerAuth()
@AdminController('identities/:id/sessions', { scope: 'session:read' })
export class IdentitySessionsAdminController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly urls: Urls,
    private readonly current: CurrentRequest,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listIdentitySessions',
    summary: "List an identity's sessions, newest first; scope session:read",
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNumberedPages()
  @ApiActive()
  @ListFilters(NUMBERED_PARAMETERS, SESSION_MEANT)
  @ApiResponse({
    status: 200,
    type: [ListedSessionResponse],
    headers: NUMBERED_LINKS,
    description: 'Empty for an unknown identity.',
  })
  @ApiResponse({ status: 400, description: 'The id is not a UUID, or a query parameter is invalid.' })
  async list(@StrictIdParam() id: string, @Req() request: FastifyRequest): Promise<Answer> {
    const query = readNumberedQuery(request);
    const page = await this.directory.ofIdentity(id, query);
    const present = (session: StoredSession) => presentListed(session, this.urls, administrator(this.current));
    return (await Answer.list(page.sessions, present)).withHeaders({
      link: numberedLinks(`/admin/identities/${encodeURIComponent(id)}/sessions`, query, page),
      'x-total-count': String(page.total),
    });
  }

  @Delete()
  @Scope('session:write')
  @ApiOperation({
    operationId: 'deleteIdentitySessions',
    summary: "Delete all of an identity's sessions; scope session:write",
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 204, description: 'The sessions are deleted.' })
  @ApiResponse({ status: 400, description: 'The id is not a UUID.' })
  @ApiResponse({ status: 404, description: 'The identity has no sessions or does not exist.' })
  async delete(@StrictIdParam() id: string): Promise<Answer> {
    await this.directory.deleteOf(id);
    return Answer.empty();
  }
}
