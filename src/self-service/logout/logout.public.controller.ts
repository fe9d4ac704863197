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

  /** Answers the URL that signs the browser out. */
  @Get('browser')
  @ApiOperation({ operationId: 'createBrowserLogoutFlow', summary: 'Get the URL that signs the browser out' })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiOkResponse({ type: LogoutFlowResponse })
  async start(@Req() request: FastifyRequest): Promise<LogoutFlowResponse> {
    const { url, token } = await this.logout.start(request);
    return { logout_url: url, logout_token: token };
  }

  @Get()
  @ApiOperation({ operationId: 'updateLogoutFlow', summary: 'Sign a browser out' })
  @ApiQuery({ name: 'token', required: false, type: String, description: 'The logout token; required.' })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiNoContentResponse({ description: 'For single page apps.' })
  @ApiResponse({ status: 303, description: 'For browsers: signed out.' })
  @ApiResponse({
    status: 400,
    description: 'The token is missing, or return_to is not allowed; in the second case the session has ended.',
  })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiResponse({ status: 403, description: 'The token belongs to another session.' })
  async submit(@Req() request: FastifyRequest, @Query('token') token?: string): Promise<Answer> {
    await this.logout.submit(token, request);
    return this.#signedOut(request).withCookies(...this.#cookies());
  }

  @Delete('api')
  @ApiOperation({ operationId: 'performNativeLogout', summary: 'End the session of a native client' })
  @ApiBody({ type: NativeLogoutBody })
  @ApiNoContentResponse({ description: 'The session has ended.' })
  @ApiResponse({ status: 403, description: 'The session token does not exist.' })
  async submitNative(@JsonBody(NativeLogoutBody) body: NativeLogoutBody): Promise<Answer> {
    await this.logout.submitNative(body.session_token ?? '');
    return Answer.empty(204);
  }

  /** The session has ended, even if `return_to` is refused. */
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
