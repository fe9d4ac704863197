import { Delete, Get, Inject, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../../platform/errors/index.js';
import { Answer, CSRF, type Csrf, JsonBody, PublicController, Query, wantsJson } from '../../platform/http/index.js';
import { SessionService } from '../../session/index.js';
import { LogoutFlowResponse, NativeLogoutBody } from './logout.dto.js';
import { LogoutService } from './logout.service.js';

@ApiTags('frontend')
@PublicController('self-service/logout')
export class LogoutPublicController {
  constructor(
    private readonly logout: LogoutService,
    private readonly sessions: SessionService,
    @Inject(CSRF) private readonly csrf: Csrf,
  ) {}

  /** Where to send the browser to sign out. */
  @Get('browser')
  @ApiOperation({ operationId: 'createBrowserLogoutFlow', summary: 'Where to send the browser to sign out' })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiOkResponse({ type: LogoutFlowResponse })
  async start(@Req() request: FastifyRequest): Promise<LogoutFlowResponse> {
    const { url, token } = await this.logout.start(request);
    return { logout_url: url, logout_token: token };
  }

  @Get()
  @ApiOperation({ operationId: 'updateLogoutFlow', summary: 'Sign a browser out' })
  @ApiQuery({ name: 'token', required: false, type: String, description: 'Refused without it.' })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiNoContentResponse({ description: 'For single page apps.' })
  @ApiResponse({ status: 303, description: 'For browsers: signed out.' })
  @ApiResponse({
    status: 400,
    description: 'No token, or a return_to that is not allowed: then the session has ended.',
  })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiResponse({ status: 403, description: 'The token is not of this session.' })
  async submit(@Req() request: FastifyRequest, @Query('token') token?: string): Promise<Answer> {
    await this.logout.submit(token, request);
    return this.#signedOut(request).withCookies(...this.#cookies());
  }

  @Delete('api')
  @ApiOperation({ operationId: 'performNativeLogout', summary: 'End the session of a native client' })
  @ApiBody({ type: NativeLogoutBody })
  @ApiNoContentResponse({ description: 'The session has ended.' })
  @ApiResponse({ status: 403, description: 'No such session token.' })
  async submitNative(@JsonBody(NativeLogoutBody) body: NativeLogoutBody): Promise<Answer> {
    await this.logout.submitNative(body.session_token ?? '');
    return Answer.empty(204);
  }

  /** The session has ended, also where its person cannot be sent to where they asked for. */
  #signedOut(request: FastifyRequest): Answer {
    try {
      const goTo = this.logout.wayOut(request);
      return wantsJson(request) ? Answer.empty(204) : Answer.seeOther(goTo);
    } catch (error) {
      if (error instanceof DomainError) error.withCookies(...this.#cookies());
      throw error;
    }
  }

  #cookies(): string[] {
    return [this.csrf.renew().cookie, this.sessions.clearCookie()];
  }
}
