import { Get } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { PublicController, Query } from '../../platform/http/index.js';
import { FlowErrorResponse } from './errors.dto.js';
import { ErrorsService } from './errors.service.js';

@ApiTags('frontend')
@PublicController('self-service/errors')
export class ErrorsPublicController {
  constructor(private readonly errors: ErrorsService) {}

  /** Answers the stored error for the error page. */
  @Get()
  @ApiOperation({ operationId: 'getFlowError', summary: 'Get a stored error, for the error page' })
  @ApiQuery({ name: 'id', required: true, type: String, format: 'uuid' })
  @ApiNotFoundResponse({ description: 'The error does not exist.' })
  @ApiOkResponse({ type: FlowErrorResponse })
  async show(@Query('id') id?: string): Promise<FlowErrorResponse> {
    const kept = await this.errors.get(id);
    return {
      id: kept.id,
      error: kept.error,
      created_at: kept.createdAt.toISOString(),
      updated_at: kept.updatedAt.toISOString(),
    };
  }
}
