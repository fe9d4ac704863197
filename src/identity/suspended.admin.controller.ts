import { Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { AdminController, Answer, ListFilters, Scope } from '../platform/http/index.js';
import { SuspendedWayResponse } from './standing.dto.js';
import { IdentityService } from './identity.service.js';

@ApiTags('identity')
@ApiBearerAuth()
@AdminController('identities', { scope: 'identity:read' })
export class SuspendedAdminController {
  constructor(private readonly identities: IdentityService) {}

  @Get(':id/suspended')
  @ApiOperation({
    operationId: 'listSuspended',
    summary: 'List connected accounts and addresses that a hand-over suspended; scope identity:read',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: [SuspendedWayResponse] })
  @ApiNotFoundResponse({ description: 'The identity does not exist.' })
  @ListFilters([])
  async list(@Param('id') id: string): Promise<SuspendedWayResponse[]> {
    const ways = await this.identities.suspended(id);
    return ways.map(({ since, id: way, kind, name }) => ({ id: way, kind, name, since: since.toISOString() }));
  }

  @Post(':id/suspended/:way/keep')
  @Scope('credentials:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'keepSuspended',
    summary: 'Put a suspended account or address back into use; scope credentials:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'way', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It is back in use.' })
  @ApiNotFoundResponse({ description: 'The identity does not exist, or nothing suspended has this id.' })
  async keep(@Param('id') id: string, @Param('way') way: string): Promise<Answer> {
    await this.identities.keepSuspended(id, way);
    return Answer.empty();
  }

  @Delete(':id/suspended/:way')
  @Scope('credentials:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeSuspended',
    summary: 'Permanently remove a suspended account or address; scope credentials:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'way', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It is removed; an address is also removed from the traits.' })
  @ApiNotFoundResponse({ description: 'The identity does not exist, or nothing suspended has this id.' })
  @ApiConflictResponse({ description: 'The traits must contain the address; replace it there instead.' })
  async remove(@Param('id') id: string, @Param('way') way: string): Promise<Answer> {
    await this.identities.removeSuspended(id, way);
    return Answer.empty();
  }
}
