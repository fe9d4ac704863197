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
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiResponse({ status: 403, description: 'The token is not of this session.' })
  async submit(@Req() request: FastifyRequest, @Query('token') token?: string): Promise<Answer> {
    const goTo = await this.logout.submit(token, request);
    const answer = wantsJson(request) ? Answer.empty(204) : Answer.seeOther(goTo);
    return answer.withCookies(this.csrf.renew().cookie, this.sessions.clearCookie());
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
}
