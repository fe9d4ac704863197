import { Get, Post, Req } from '@nestjs/common';
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
import { Urls } from '../config/index.js';
import {
  Answer,
  AnyFormBody,
  type FormFields,
  OriginCheckedByFlow,
  PublicController,
  Query,
  queryText,
  UnreadableForm,
  wantsJson,
} from '../platform/http/index.js';
import { MayBeLimited } from '../platform/rate-limit/index.js';
import { RecoveryAnswers } from './recovery.answers.js';
import { RecoveryFlowBody, UpdateRecoveryFlowBody } from './recovery.dto.js';
import { RecoveryFlowParameterMalformed } from './recovery.errors.js';
import { RecoveryFollowing } from './recovery.following.service.js';
import { RecoveryForms } from './recovery.forms.service.js';
import { RecoverySubmissions } from './recovery.submissions.service.js';

@ApiTags('recovery')
@PublicController('self-service/recovery')
export class RecoveryPublicController {
  constructor(
    private readonly forms: RecoveryForms,
    private readonly following: RecoveryFollowing,
    private readonly submissions: RecoverySubmissions,
    private readonly answers: RecoveryAnswers,
    private readonly urls: Urls,
  ) {}

  @ApiOperation({
    operationId: 'createBrowserRecoveryFlow',
    summary: 'Start a recovery flow for browsers and single page apps',
  })
  @ApiQuery({
    name: 'return_to',
    required: false,
    type: String,
    description: 'Where the person goes in the end; must be allowed.',
  })
  @ApiOkResponse({ type: RecoveryFlowBody, description: 'For single page apps.' })
  @ApiResponse({ status: 302, description: 'For browsers: redirects a signed-in person.' })
  @ApiResponse({ status: 303, description: 'For browsers: redirects to the recovery page.' })
  @Get('browser')
  async startBrowser(@Req() request: FastifyRequest): Promise<Answer> {
    return this.answers.ofStart(await this.forms.start(request, 'browser'), wantsJson(request));
  }

  @ApiOperation({ operationId: 'createNativeRecoveryFlow', summary: 'Start a recovery flow for native clients' })
  @ApiOkResponse({ type: RecoveryFlowBody })
  @Get('api')
  async startApi(@Req() request: FastifyRequest): Promise<Answer> {
    return this.answers.ofStart(await this.forms.start(request, 'api'), true);
  }

  @ApiOperation({ operationId: 'getRecoveryFlow', summary: 'Get a recovery flow' })
  @ApiQuery({ name: 'id', required: true, type: String, format: 'uuid' })
  @ApiOkResponse({ type: RecoveryFlowBody })
  @ApiResponse({ status: 403, description: 'The flow belongs to another browser.' })
  @ApiResponse({ status: 404, description: 'The flow does not exist.' })
  @ApiResponse({ status: 410, description: 'The flow has expired.' })
  @Get('flows')
  async show(@Query('id') id: string | undefined, @Req() request: FastifyRequest): Promise<Answer> {
    return this.answers.ofFlow(await this.forms.show(id, request));
  }

  @ApiOperation({
    operationId: 'followRecoveryLink',
    summary: 'Follow a recovery link (with a token), or go back to the form of a flow',
  })
  @ApiQuery({ name: 'flow', required: false, type: String, format: 'uuid' })
  @ApiQuery({ name: 'token', required: false, type: String })
  @ApiResponse({
    status: 303,
    description:
      'Redirects to the confirmation page, to the settings form, or to a new recovery form that says why not.',
  })
  @ApiResponse({ status: 404, description: 'The flow does not exist.' })
  @ApiResponse({ status: 422, description: 'For JSON clients: the link must be confirmed in a browser.' })
  @MayBeLimited()
  @Get()
  async follow(@Req() request: FastifyRequest): Promise<Answer> {
    if (queryText(request, 'token') === undefined) return this.#backToForm(request);
    return this.answers.ofLink(await this.following.follow(request), request);
  }

  @ApiOperation({
    operationId: 'updateRecoveryFlow',
    summary: 'Confirm a recovery link, or submit the form of a flow: an address, or a code',
  })
  @ApiQuery({ name: 'flow', required: false, type: String, format: 'uuid' })
  @ApiQuery({ name: 'token', required: false, type: String, description: 'For a link; may also be sent in the body.' })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: UpdateRecoveryFlowBody })
  @ApiOkResponse({ type: RecoveryFlowBody })
  @ApiResponse({
    status: 303,
    description:
      'For browsers: redirects to the settings form, or to a form that says what is wrong. The same for single page apps whose flow is over.',
  })
  @ApiResponse({ status: 302, description: 'For browsers: redirects a signed-in person.' })
  @ApiResponse({
    status: 400,
    description: 'The form with its errors, or an error.',
    schema: { anyOf: [{ $ref: getSchemaPath(RecoveryFlowBody) }, { $ref: '#/components/schemas/errorGeneric' }] },
  })
  @ApiResponse({ status: 403, description: 'Another browser started the flow (CSRF).' })
  @ApiResponse({ status: 404, description: 'The flow does not exist.' })
  @ApiResponse({ status: 410, description: 'The flow has expired.' })
  @ApiResponse({ status: 422, description: 'For JSON clients: the link must be confirmed in a browser.' })
  @OriginCheckedByFlow()
  @MayBeLimited()
  @Post()
  async submit(@AnyFormBody() form: FormFields | UnreadableForm, @Req() request: FastifyRequest): Promise<Answer> {
    if (hasToken(request, form)) return this.answers.ofLink(await this.following.confirm(request, form), request);
    return this.answers.ofSubmission(await this.submissions.submit(queryText(request, 'flow'), request, form), request);
  }

  #backToForm(request: FastifyRequest): Answer {
    const flow = queryText(request, 'flow');
    if (flow !== undefined) return this.answers.toForm(flow);
    if (wantsJson(request)) throw new RecoveryFlowParameterMalformed();
    return Answer.seeOther(this.urls.public('/self-service/recovery/browser'));
  }
}

/**
 * An unreadable body contains no token, but the link's query may.
 * @throws BadRequest if the body is unreadable and the query contains a link
 */
function hasToken(request: FastifyRequest, form: FormFields | UnreadableForm): form is FormFields {
  if (!(form instanceof UnreadableForm)) return isText(queryText(request, 'token') ?? form['token']);
  if (isText(queryText(request, 'token'))) throw form.why;
  return false;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
