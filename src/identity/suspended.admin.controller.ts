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
    summary: 'Connected accounts and addresses that a hand-over took out of use; scope identity:read',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: [SuspendedWayResponse] })
  @ApiNotFoundResponse({ description: 'No such identity.' })
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
    summary: 'Let a connected account or an address be used again; scope credentials:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'way', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It is used as before.' })
  @ApiNotFoundResponse({ description: 'No such identity, or nothing suspended of that id.' })
  async keep(@Param('id') id: string, @Param('way') way: string): Promise<Answer> {
    await this.identities.keepSuspended(id, way);
    return Answer.empty();
  }

  @Delete(':id/suspended/:way')
  @Scope('credentials:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeSuspended',
    summary: 'Remove a suspended connected account or address for good; scope credentials:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'way', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It is gone, an address also from the traits.' })
  @ApiNotFoundResponse({ description: 'No such identity, or nothing suspended of that id.' })
  @ApiConflictResponse({ description: 'The traits must hold the address: replace it there.' })
  async remove(@Param('id') id: string, @Param('way') way: string): Promise<Answer> {
    await this.identities.removeSuspended(id, way);
    return Answer.empty();
  }
}
