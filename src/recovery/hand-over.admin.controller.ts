import { Delete, HttpCode, Param } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { AdminController, Answer } from '../platform/http/index.js';
import { RecoveryStandings } from './recovery.standings.service.js';

@ApiTags('recovery')
@ApiBearerAuth()
@AdminController('identities', { scope: 'recovery:issue' })
export class HandOverAdminController {
  constructor(private readonly standings: RecoveryStandings) {}

  @Delete(':id/hand-over')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'cancelHandOver',
    summary: 'Give up the open hand-over of an identity; scopes recovery:issue and session:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({
    description: 'None is open: its session has ended, older credentials open the account again.',
  })
  @ApiNotFoundResponse({ description: 'No such identity.' })
  async cancel(@Param('id') id: string): Promise<Answer> {
    await this.standings.cancel(id);
    return Answer.empty();
  }

  @Delete(':id/containment')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'liftContainment',
    summary: 'Let older credentials of an identity in again; scopes recovery:issue and session:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It is not contained.' })
  @ApiNotFoundResponse({ description: 'No such identity.' })
  async lift(@Param('id') id: string): Promise<Answer> {
    await this.standings.lift(id);
    return Answer.empty();
  }
}
