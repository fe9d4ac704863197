import { Get, HttpCode, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../../config/index.js';
import { isUuid } from '../../platform/flow/index.js';
import {
  Answer,
  FormBody,
  type FormFields,
  OriginCheckedByFlow,
  PublicController,
  Query,
  queryText,
  wantsJson,
} from '../../platform/http/index.js';
import { SessionMissing } from '../../session/index.js';
import { SettingsAnswers } from './settings.answers.js';
import { SettingsFlowBody, UpdateSettingsFlowBody } from './settings.dto.js';
import { SettingsFlowParameterMalformed, SettingsSessionMissing } from './settings.errors.js';
import { SettingsService } from './settings.service.js';
import { SettingsSubmissions } from './settings.submissions.service.js';

@ApiTags('frontend')
@PublicController('self-service/settings')
export class SettingsPublicController {
  constructor(
    private readonly settings: SettingsService,
    private readonly submissions: SettingsSubmissions,
    private readonly answers: SettingsAnswers,
    private readonly urls: Urls,
  ) {}

  @Get('browser')
  @ApiOperation({
    operationId: 'createBrowserSettingsFlow',
    summary: 'Start a settings flow for browsers and single page apps',
  })
  @ApiSecurity('sessionCookie')
  @ApiQuery({ name: 'return_to', required: false, type: String, format: 'uri' })
  @ApiOkResponse({ type: SettingsFlowBody, description: 'For single page apps.' })
  @ApiResponse({ status: 303, description: 'For browsers: redirects to the settings page, or to sign in.' })
  @ApiResponse({ status: 401, description: 'For single page apps: nobody is signed in.' })
  async startBrowser(@Req() request: FastifyRequest): Promise<Answer> {
    return this.#orTo(this.#signIn(request), request, async () => {
      const flow = await this.settings.start(request, 'browser');
      return wantsJson(request) ? Answer.json(200, flow) : this.answers.toForm(flow.id);
    });
  }

  @Get('api')
  @ApiOperation({ operationId: 'createNativeSettingsFlow', summary: 'Start a settings flow for native clients' })
  @ApiSecurity('sessionToken')
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiOkResponse({ type: SettingsFlowBody })
  async startApi(@Req() request: FastifyRequest): Promise<Answer> {
    return Answer.json(200, await this.settings.start(request, 'api'));
  }

  @Get('flows')
  @ApiOperation({ operationId: 'getSettingsFlow', summary: 'Get a settings flow' })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiResponse({ status: 404, description: 'The flow does not exist.' })
  @ApiQuery({ name: 'id', required: true, type: String, format: 'uuid' })
  @ApiOkResponse({ type: SettingsFlowBody })
  @ApiResponse({ status: 403, description: 'The flow belongs to another identity.' })
  @ApiResponse({ status: 410, description: 'The flow has expired.' })
  async show(@Req() request: FastifyRequest, @Query('id') id?: string): Promise<Answer> {
    return this.#orTo(Answer.found(this.urls.ui('login')), request, async () =>
      Answer.json(200, await this.settings.show(id, request)),
    );
  }

  /** Where signing in again leads: applies the form that was sent before, or redirects back to the form. */
  @Get()
  @ApiOperation({
    operationId: 'showSettingsForm',
    summary: 'Apply the settings form that was sent before signing in again; otherwise go back to the form',
  })
  @ApiQuery({ name: 'flow', required: true, type: String, format: 'uuid' })
  @ApiOkResponse({ type: SettingsFlowBody, description: 'For single page apps: the change is saved.' })
  @ApiResponse({ status: 302, description: 'For browsers: redirects to sign in.' })
  @ApiResponse({ status: 303, description: 'Redirects to where the change leads, or to the settings page.' })
  async backToForm(@Req() request: FastifyRequest, @Query('flow') flow?: string): Promise<Answer> {
    if (!isUuid(flow)) throw new SettingsFlowParameterMalformed();
    return this.#orTo(Answer.found(this.urls.ui('login')), request, async () => {
      const outcome = await this.submissions.resume(flow, request);
      return outcome ? this.answers.of(outcome, request) : this.answers.toForm(flow);
    });
  }

  @Post()
  @HttpCode(200)
  @OriginCheckedByFlow()
  @ApiOperation({
    operationId: 'updateSettingsFlow',
    summary: 'Set a password or change traits: submit the form of a settings flow',
  })
  @ApiSecurity('sessionToken')
  @ApiSecurity('sessionCookie')
  @ApiQuery({ name: 'flow', required: true, type: String, format: 'uuid' })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: UpdateSettingsFlowBody })
  @ApiOkResponse({ type: SettingsFlowBody })
  @ApiResponse({ status: 302, description: 'For browsers: redirects to sign in.' })
  @ApiResponse({ status: 303, description: 'For browsers: redirects to return_to, or back to the form.' })
  @ApiResponse({
    status: 400,
    description: 'The form with its errors, or an error.',
    schema: { anyOf: [{ $ref: getSchemaPath(SettingsFlowBody) }, { $ref: '#/components/schemas/errorGeneric' }] },
  })
  @ApiResponse({ status: 401, description: 'Nobody is signed in.' })
  @ApiResponse({
    status: 403,
    description: 'The session is too old (session_refresh_required), or the CSRF check failed.',
    schema: { $ref: '#/components/schemas/needsPrivilegedSessionError' },
  })
  @ApiResponse({ status: 404, description: 'The flow does not exist, or the method is disabled.' })
  @ApiResponse({ status: 410, description: 'The flow has expired; use_flow_id is a new one.' })
  @ApiResponse({ status: 422, description: 'For single page apps: the person must continue at the provider.' })
  async submit(
    @Req() request: FastifyRequest,
    @FormBody() form: FormFields,
    @Query('flow') flow?: string,
  ): Promise<Answer> {
    return this.#orTo(Answer.found(this.urls.ui('login')), request, async () =>
      this.answers.of(await this.submissions.submit(flow, form, request), request),
    );
  }

  /** To sign in, and from there to where the settings would have led. */
  #signIn(request: FastifyRequest): Answer {
    const returnTo = queryText(request, 'return_to');
    const query = returnTo === undefined ? undefined : { return_to: returnTo };
    return Answer.seeOther(this.urls.public('/self-service/login/browser', query));
  }

  /** Without a session, JSON clients get an error, and browsers are redirected to sign in. */
  async #orTo(login: Answer, request: FastifyRequest, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      const signedOut = error instanceof SessionMissing || error instanceof SettingsSessionMissing;
      if (signedOut && !wantsJson(request)) return login;
      throw error;
    }
  }
}

/** Password managers request this URL to find the page where passwords are changed. */
@ApiTags('frontend')
@PublicController('.well-known')
export class ChangePasswordController {
  constructor(private readonly urls: Urls) {}

  @Get('change-password')
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Redirect password managers to the page where a password is changed',
  })
  @ApiResponse({ status: 303, description: 'Redirects to the settings page.' })
  changePassword(): Answer {
    return Answer.seeOther(this.urls.ui('settings'));
  }
}
