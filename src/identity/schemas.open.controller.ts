import { Get, Param, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { NotFound } from '../platform/errors/index.js';
import { Answer, OpenController } from '../platform/http/index.js';
import { SchemaResponse } from './identity.dto.js';
import { presentSchema } from './identity.presenter.js';
import { readSchemaPage, schemaPages } from './requests/schema-page.js';
import { SchemaRegistry } from './schema/schema-registry.js';

const NUMBERED = {
  Link: { description: 'Links to the first, next and other pages that exist.', schema: { type: 'string' as const } },
  'X-Total-Count': { description: 'Number of schemas on all pages.', schema: { type: 'integer' as const } },
};

@ApiTags('schemas')
@OpenController('schemas')
export class SchemasOpenController {
  constructor(private readonly schemas: SchemaRegistry) {}

  @Get()
  @ApiOperation({
    operationId: 'listIdentitySchemas',
    summary: 'List the identity schemas, in the order of the configuration',
  })
  @ApiOkResponse({ type: [SchemaResponse], headers: NUMBERED })
  @ApiQuery({ name: 'page', required: false, type: 'integer', description: 'from 0 on', example: 0 })
  @ApiQuery({ name: 'per_page', required: false, type: 'integer', description: '1 to 1000, default 250', example: 250 })
  @ApiQuery({ name: 'page_size', required: false, type: 'integer', description: 'newer name of per_page' })
  @ApiQuery({ name: 'page_token', required: false, type: String, description: 'from a Link header' })
  list(@Req() request: FastifyRequest): Answer {
    const documents = this.schemas.documents();
    const { page, perPage } = readSchemaPage(request);
    const shown = documents.slice(page * perPage, (page + 1) * perPage);
    return Answer.json(200, shown.map(presentSchema)).withHeaders(schemaPages(documents.length, page, perPage));
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getIdentitySchema',
    summary: 'Get an identity schema by its id or the base64 of its id',
  })
  @ApiResponse({
    status: 200,
    description: 'The JSON schema.',
    schema: { type: 'object', additionalProperties: true, example: { type: 'object', properties: {} } },
  })
  @ApiResponse({ status: 404, description: 'The schema does not exist.' })
  get(@Param('id') id: string): Answer {
    const decoded = Buffer.from(id, 'base64url').toString('utf8');
    const found = this.schemas.document(id) ?? this.schemas.document(decoded);
    if (found === undefined) throw new NotFound(`Identity schema \`${id}\` could not be found.`);
    return Answer.json(200, found.raw);
  }
}
