import { Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { NotFound } from '../platform/errors/index.js';
import { Answer, OpenController } from '../platform/http/index.js';
import { SchemaResponse } from './identity.dto.js';
import { presentSchema } from './identity.presenter.js';
import { SchemaRegistry } from './schema/schema-registry.js';

@ApiTags('schemas')
@OpenController('schemas')
export class SchemasOpenController {
  constructor(private readonly schemas: SchemaRegistry) {}

  @Get()
  @ApiOperation({ operationId: 'listIdentitySchemas', summary: 'Every identity schema, on one page' })
  @ApiOkResponse({ type: [SchemaResponse] })
  list(): Answer {
    const documents = this.schemas.documents();
    const size = documents.length;
    const link = `</schemas?page=0&page_size=${size}&page_token=0&per_page=${size}>; rel="first"`;
    return Answer.json(200, documents.map(presentSchema)).withHeaders({ link });
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getIdentitySchema', summary: 'One identity schema, by its id or the base64 of it' })
  @ApiResponse({
    status: 200,
    description: 'The JSON schema itself.',
    schema: { type: 'object', additionalProperties: true, example: { type: 'object', properties: {} } },
  })
  @ApiResponse({ status: 404, description: 'No such schema.' })
  get(@Param('id') id: string): Answer {
    const decoded = Buffer.from(id, 'base64url').toString('utf8');
    const found = this.schemas.document(id) ?? this.schemas.document(decoded);
    if (found === undefined) throw new NotFound(`Identity schema \`${id}\` could not be found.`);
    return Answer.json(200, found.raw);
  }
}
