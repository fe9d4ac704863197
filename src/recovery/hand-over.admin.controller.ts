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
    summary: 'Cancel the open hand-over of an identity; scopes recovery:issue and session:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({
    description: 'No hand-over is open: its session has ended, and older credentials work again.',
  })
  @ApiNotFoundResponse({ description: 'The identity does not exist.' })
  async cancel(@Param('id') id: string): Promise<Answer> {
    await this.standings.cancel(id);
    return Answer.empty();
  }

  @Delete(':id/containment')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'liftContainment',
    summary:
      'Lift the containment of an identity, so that older credentials work again; scopes recovery:issue and session:write',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The identity is not contained.' })
  @ApiNotFoundResponse({ description: 'The identity does not exist.' })
  async lift(@Param('id') id: string): Promise<Answer> {
    await this.standings.lift(id);
    return Answer.empty();
  }
}
