import { Get, Req } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { AdminController, Answer, ListFilters, queryText } from '../platform/http/index.js';
import { ApiPageQuery, LINK_HEADER, nextLink } from '../platform/paging/index.js';
import { AuditEventResponse } from './audit.dto.js';
import { type AuditFilterText, PAGE, readAuditFilter } from './audit.filter.js';
import { presentAuditEvent } from './audit.presenter.js';
import { type AuditPage, AuditService } from './audit.service.js';

const PARAMETERS = ['action', 'target_id', 'actor_id', 'since', 'until', 'page_size', 'page_token'] as const;
const NDJSON = 'application/x-ndjson';

@ApiTags('audit')
@ApiBearerAuth()
@AdminController('audit-events', { scope: 'audit:read' })
export class AuditAdminController {
  constructor(
    private readonly audit: AuditService,
    private readonly urls: Urls,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'List audit events, newest first; scope audit:read',
    description: `With "Accept: ${NDJSON}", one event per line. The Link header holds the URL of the next page.`,
  })
  @ApiQuery({ name: 'action', required: false, type: String, example: 'recovery.link.created' })
  @ApiQuery({ name: 'target_id', required: false, type: String, example: '9b8f3c1e-2f0a-4c58-8f5e-5d0f4a1b7c33' })
  @ApiQuery({ name: 'actor_id', required: false, type: String, example: '2f1c7a54-6e0c-4bd8-9d4b-0f5c8f0f6a51' })
  @ApiQuery({
    name: 'since',
    required: false,
    type: String,
    format: 'date-time',
    description: 'RFC 3339, inclusive',
    example: '2030-01-31T08:00:00Z',
  })
  @ApiQuery({
    name: 'until',
    required: false,
    type: String,
    format: 'date-time',
    description: 'RFC 3339, exclusive',
    example: '2030-02-01T08:00:00Z',
  })
  @ApiPageQuery(PAGE)
  @ApiExtraModels(AuditEventResponse)
  @ApiOkResponse({
    description: 'One page.',
    headers: LINK_HEADER,
    content: {
      'application/json': { schema: { type: 'array', items: { $ref: getSchemaPath(AuditEventResponse) } } },
      [NDJSON]: { schema: { type: 'string', description: 'One event per line.' } },
    },
  })
  @ListFilters(PARAMETERS, { identity_id: 'target_id', target: 'target_id', actor: 'actor_id', limit: 'page_size' })
  async list(@Req() request: FastifyRequest): Promise<Answer> {
    const asked = askedFor(request);
    const page = await this.audit.list(readAuditFilter(asked));
    return present(page, request).withHeaders({ vary: 'Accept', ...nextLink(this.#next(page, asked)) });
  }

  #next({ nextPageToken }: AuditPage, asked: AuditFilterText): string | undefined {
    if (nextPageToken === undefined) return undefined;
    return this.urls.admin('/admin/audit-events', { ...asked, page_token: nextPageToken });
  }
}

function askedFor(request: FastifyRequest): AuditFilterText {
  const given = PARAMETERS.map((name) => [name, queryText(request, name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function present({ events }: AuditPage, request: FastifyRequest): Answer {
  const bodies = events.map(presentAuditEvent);
  if (!wantsLines(request)) return Answer.json(200, bodies);
  const lines =
    bodies.length === 0 ? Answer.empty(200) : Answer.text(200, bodies.map((body) => JSON.stringify(body)).join('\n'));
  return lines.withHeaders({ 'content-type': `${NDJSON}; charset=utf-8` });
}

const wantsLines = (request: FastifyRequest): boolean =>
  (request.headers.accept ?? '').split(',').some((part) => part.split(';')[0]!.trim().toLowerCase() === NDJSON);
