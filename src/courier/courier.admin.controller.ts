import { Get, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AdminController, Answer, ListFilters, StrictIdParam } from '../platform/http/index.js';
import { MessageResponse } from './courier.dto.js';
import { presentMessage } from './courier.presenter.js';
import { CourierService } from './courier.service.js';
import { MESSAGE_MEANT, MESSAGE_PARAMETERS, messageLinks, readMessageQuery } from './list-query.js';
import { MESSAGE_STATUSES } from './message.view.js';

@ApiTags('courier')
@ApiBearerAuth()
@AdminController('courier/messages', { scope: 'courier:read' })
export class CourierAdminController {
  constructor(private readonly courier: CourierService) {}

  @ApiOperation({
    operationId: 'listCourierMessages',
    summary: 'List outgoing messages, newest first; scope courier:read',
    description: 'The Link header holds the URLs of the first and the next page.',
  })
  @ApiQuery({ name: 'page_size', required: false, type: 'integer', description: '1 to 500, default 10', example: 10 })
  @ApiQuery({
    name: 'page_token',
    required: false,
    type: String,
    description: 'from the Link header of the previous page',
  })
  @ApiQuery({ name: 'status', required: false, enum: MESSAGE_STATUSES })
  @ApiQuery({ name: 'recipient', required: false, type: String, example: 'ada@example.com' })
  @ApiOkResponse({
    type: [MessageResponse],
    headers: {
      Link: { description: 'rel="first" and, unless this is the last page, rel="next"', schema: { type: 'string' } },
    },
  })
  @ListFilters(MESSAGE_PARAMETERS, MESSAGE_MEANT)
  @Get()
  async list(@Req() request: FastifyRequest): Promise<Answer> {
    const query = readMessageQuery(request);
    const page = await this.courier.list(query);
    return (await Answer.list(page.messages, presentMessage)).withHeaders({ link: messageLinks(query, page) });
  }

  @ApiOperation({ operationId: 'getCourierMessage', summary: 'Get an outgoing message; scope courier:read' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: MessageResponse })
  @ApiBadRequestResponse({ description: 'The id is not a UUID.' })
  @ApiNotFoundResponse({ description: 'No such message.' })
  @Get(':id')
  async get(@StrictIdParam() id: string): Promise<MessageResponse> {
    return presentMessage(await this.courier.get(id));
  }
}
