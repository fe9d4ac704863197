import { Get, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import {
  Answer,
  FormBody,
  type FormFields,
  OriginCheckedByFlow,
  PublicController,
  Query,
  wantsJson,
} from '../../platform/http/index.js';
import { MayBeLimited } from '../../platform/rate-limit/index.js';
import { LoginAnswers } from './login.answers.js';
import { LoginFlowBody, SuccessfulLogin, UpdateLoginFlowBody } from './login.dto.js';
import { LoginGate } from './login.gate.js';
import { LoginService } from './login.service.js';

@ApiTags('frontend')
@PublicController('self-service/login')
export class LoginPublicController {
  constructor(
    private readonly login: LoginService,
    private readonly answers: LoginAnswers,
  ) {}

  @Get('browser')
  @ApiOperation({
    operationId: 'createBrowserLoginFlow',
    summary: 'Start a login flow for browsers and single page apps',
  })
  @ApiQuery({ name: 'refresh', required: false, type: Boolean })
  @ApiQuery({ name: 'aal', required: false, enum: ['aal1'] })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiOkResponse({ type: LoginFlowBody, description: 'For single page apps.' })
  @ApiResponse({ status: 303, description: 'For browsers: redirects to the login page.' })
  async startBrowser(@Req() request: FastifyRequest): Promise<Answer> {
    return this.answers.ofStart(await this.login.start(request, 'browser'), request, wantsJson(request));
  }

  @Get('api')
  @ApiOperation({ operationId: 'createNativeLoginFlow', summary: 'Start a login flow for native clients' })
  @ApiQuery({ name: 'refresh', required: false, type: Boolean })
  @ApiQuery({ name: 'aal', required: false, enum: ['aal1'] })
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiOkResponse({ type: LoginFlowBody })
  async startApi(@Req() request: FastifyRequest): Promise<Answer> {
    return this.answers.ofStart(await this.login.start(request, 'api'), request, true);
  }

  @Get('flows')
  @ApiOperation({ operationId: 'getLoginFlow', summary: 'Get a login flow' })
  @ApiResponse({ status: 403, description: 'The flow belongs to another browser.' })
  @ApiResponse({ status: 404, description: 'The flow does not exist.' })
  @ApiResponse({ status: 410, description: 'The flow has expired.' })
  @ApiQuery({ name: 'id', required: true, type: String, format: 'uuid' })
  @ApiOkResponse({ type: LoginFlowBody })
  async show(@Req() request: FastifyRequest, @Query('id') id?: string): Promise<LoginFlowBody> {
    return this.login.show(id, request);
  }

  /** Forms are submitted by POST; a GET redirects back to the form. */
  @Get()
  @ApiOperation({ operationId: 'showLoginForm', summary: 'Go back to the form of a login flow' })
  @ApiQuery({ name: 'flow', required: true, type: String, format: 'uuid' })
  @ApiResponse({ status: 303, description: 'Redirects to the login page.' })
  form(@Query('flow') flow?: string): Answer {
    return Answer.seeOther(this.login.formOf(flow));
  }

  @Post()
  @HttpCode(200)
  @OriginCheckedByFlow()
  @UseGuards(LoginGate)
  @MayBeLimited()
  @ApiOperation({ operationId: 'updateLoginFlow', summary: 'Sign in: submit the form of a login flow' })
  @ApiQuery({ name: 'flow', required: true, type: String, format: 'uuid' })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: UpdateLoginFlowBody })
  @ApiOkResponse({ type: SuccessfulLogin })
  @ApiResponse({ status: 303, description: 'For browsers: signed in, or redirected back to the form.' })
  @ApiResponse({
    status: 400,
    description: 'The form with its errors, or an error.',
    schema: { anyOf: [{ $ref: getSchemaPath(LoginFlowBody) }, { $ref: '#/components/schemas/errorGeneric' }] },
  })
  @ApiResponse({ status: 403, description: 'Another browser started the flow (CSRF).' })
  @ApiResponse({ status: 404, description: 'The flow does not exist, or the method is disabled.' })
  @ApiResponse({ status: 410, description: 'The flow has expired; use_flow_id is a new one.' })
  @ApiResponse({ status: 422, description: 'For single page apps: the person must continue at the provider.' })
  async submit(
    @Req() request: FastifyRequest,
    @FormBody() form: FormFields,
    @Query('flow') flow?: string,
  ): Promise<Answer> {
    return this.answers.ofSubmission(await this.login.submit(flow, form, request), request);
  }
}
