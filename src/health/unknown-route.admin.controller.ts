import { All, Controller, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answer, Audience, RouteTable, Scope } from '../platform/http/index.js';

/** Everything under /admin that is no route, behind the same guard: without a token nobody learns which routes exist. */
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
