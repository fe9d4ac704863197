import { Delete, Get, Param, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { AdminController, Answer, Scope } from '../platform/http/index.js';
import { SessionDirectory } from './session.directory.js';
import { ListedSessionResponse } from './session.dto.js';
import { numberedLinks } from './session.links.js';
import { ApiActive, ApiNumberedPages, NUMBERED_LINKS } from './session.openapi.js';
import { presentListed } from './session.presenter.js';
import { readNumberedQuery } from './session.query.js';

/** Below /admin/identities, but sessions are session's. */
@ApiTags('identity')
@ApiBearerAuth()
@AdminController('identities/:id/sessions', { scope: 'session:read' })
export class IdentitySessionsAdminController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly urls: Urls,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listIdentitySessions',
    summary: "An identity's sessions, newest first; scope session:read",
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNumberedPages()
  @ApiActive()
  @ApiResponse({
    status: 200,
    type: [ListedSessionResponse],
    headers: NUMBERED_LINKS,
    description: 'Empty for an unknown identity.',
  })
  @ApiResponse({ status: 400, description: 'A query parameter that cannot be understood.' })
  async list(@Param('id') id: string, @Req() request: FastifyRequest): Promise<Answer> {
    const query = readNumberedQuery(request);
    const page = await this.directory.ofIdentity(id, query);
    const shown = page.sessions.map((session) => presentListed(session, this.urls, { admin: true }));
    return Answer.json(200, shown).withHeaders({
      link: numberedLinks(`/admin/identities/${encodeURIComponent(id)}/sessions`, query, page),
      'x-total-count': String(page.total),
    });
  }

  @Delete()
  @Scope('session:write')
  @ApiOperation({
    operationId: 'deleteIdentitySessions',
    summary: "End and forget all of an identity's sessions; scope session:write",
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiResponse({ status: 204, description: 'They are gone.' })
  @ApiResponse({ status: 404, description: 'There are none: an unknown identity, or one without sessions.' })
  async delete(@Param('id') id: string): Promise<Answer> {
    await this.directory.deleteOf(id);
    return Answer.empty();
  }
}
