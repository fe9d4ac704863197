import { All, Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answer, Audience, RouteTable, Scope } from '../platform/http/index.js';

/**
 * Catches unknown paths under /admin behind the same guard, so that callers without a token cannot find out which
 * routes exist.
 */
@ApiExcludeController()
@Controller('admin')
@Audience('admin')
export class UnknownAdminRouteController {
  constructor(private readonly routes: RouteTable) {}

  @Scope('')
  @All(['', '*'])
  answer(@Req() request: FastifyRequest): Answer {
    return this.routes.notFound(request);
  }
}
