import { Delete, Get, HttpCode, Param } from '@nestjs/common';
import {
  ApiBearerAuth,
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

  @Delete(':id/suspended/:way')
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
}
