import { applyDecorators, Delete, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { Urls } from '../config/index.js';
import { BadRequest } from '../platform/errors/index.js';
import { isUuid } from '../platform/flow/index.js';
import { AdminController, Answer, JsonBody, Query, Scope } from '../platform/http/index.js';
import { ApiPage, ApiPageQuery, nextLink, readPageSize } from '../platform/paging/index.js';
import { Limited } from '../platform/rate-limit/index.js';
import {
  CreateRecoveryCodeRequest,
  CreateRecoveryLinkRequest,
  RecoveryCodeResponse,
  RecoveryGrantResponse,
  RecoveryLinkResponse,
} from './recovery.dto.js';
import type { Handover, Issued } from './recovery.issuing.service.js';
import { presentCode, presentGrant, presentLink } from './recovery.presenter.js';
import { RecoveryService } from './recovery.service.js';
import type { GrantFilter, GrantPage, GrantState } from './steps/list-grants.js';

const STATES: readonly string[] = ['active', 'used', 'revoked', 'expired'];
const PAGE = { usual: 100, largest: 1_000 };

const ApiIdempotency = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'idempotency-key',
      required: false,
      description:
        "Regain's own: repeated with the same key within 24 hours, the call makes nothing new and answers the same.",
      example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
    }),
    ApiConflictResponse({ description: 'The first call with this Idempotency-Key is still being answered.' }),
    ApiUnprocessableEntityResponse({ description: 'The Idempotency-Key stands for another request.' }),
  );

const ApiReturnTo = (): MethodDecorator =>
  ApiQuery({
    name: 'return_to',
    required: false,
    type: String,
    description: 'Where the person goes after setting a credential; must be allowed.',
  });

@ApiTags('recovery')
@ApiBearerAuth()
@AdminController('recovery', { scope: 'recovery:issue' })
export class RecoveryAdminController {
  constructor(
    private readonly recovery: RecoveryService,
    private readonly urls: Urls,
  ) {}

  @ApiOperation({
    operationId: 'createRecoveryLinkForIdentity',
    summary: 'Create a recovery link for an identity; scope recovery:issue, or recovery:deliver for a blind delivery',
  })
  @ApiBody({ type: CreateRecoveryLinkRequest })
  @ApiReturnTo()
  @ApiIdempotency()
  @ApiOkResponse({ type: RecoveryLinkResponse })
  @ApiNotFoundResponse({ description: 'The method link is disabled.' })
  @Scope('recovery:issue', 'recovery:deliver')
  @Limited('issue_actor')
  @Post('link')
  @HttpCode(200)
  async createLink(
    @JsonBody(CreateRecoveryLinkRequest) body: CreateRecoveryLinkRequest,
    @Headers('idempotency-key') key?: string,
    @Query('return_to') returnTo?: string,
  ): Promise<Answer> {
    const request = { identityId: body.identity_id, expiresIn: body.expires_in, returnTo };
    const link = await this.recovery.issueLink(request, handover(body, key));
    return Answer.json(200, presentLink(link)).withHeaders(repetition(link));
  }

  @ApiOperation({
    operationId: 'createRecoveryCodeForIdentity',
    summary: 'Create a recovery code for an identity; scope recovery:issue, or recovery:deliver for a blind delivery',
  })
  @ApiBody({ type: CreateRecoveryCodeRequest })
  @ApiReturnTo()
  @ApiIdempotency()
  @ApiCreatedResponse({ type: RecoveryCodeResponse })
  @ApiNotFoundResponse({ description: 'No such identity, or the method code is disabled.' })
  @Scope('recovery:issue', 'recovery:deliver')
  @Limited('issue_actor')
  @Post('code')
  @HttpCode(201)
  async createCode(
    @JsonBody(CreateRecoveryCodeRequest) body: CreateRecoveryCodeRequest,
    @Headers('idempotency-key') key?: string,
    @Query('return_to') returnTo?: string,
  ): Promise<Answer> {
    const request = { identityId: body.identity_id, expiresIn: body.expires_in, flowType: body.flow_type, returnTo };
    const code = await this.recovery.issueCode(request, handover(body, key));
    return Answer.json(201, presentCode(code)).withHeaders(repetition(code));
  }

  @ApiOperation({
    operationId: 'listRecoveryGrants',
    summary: 'Issued links and codes, newest first, never their secrets; scope recovery:issue',
  })
  @ApiQuery({ name: 'identity_id', required: false, type: String, format: 'uuid' })
  @ApiQuery({ name: 'state', required: false, enum: STATES })
  @ApiPageQuery(PAGE)
  @ApiPage(RecoveryGrantResponse)
  @Get('grants')
  async listGrants(
    @Query('identity_id') identityId?: string,
    @Query('state') state?: string,
    @Query('page_size') size?: string,
    @Query('page_token') pageToken?: string,
  ): Promise<Answer> {
    const question = { identityId, state: readState(state), pageSize: readPageSize(size, PAGE) };
    if (identityId !== undefined && !isUuid(identityId)) throw new BadRequest('identity_id must be a UUID.');
    const page = await this.recovery.grants({ ...question, pageToken });
    return Answer.json(200, page.grants.map(presentGrant)).withHeaders(nextLink(this.#next(page, question)));
  }

  @ApiOperation({ operationId: 'getRecoveryGrant', summary: 'One issued link or code; scope recovery:issue' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNotFoundResponse({ description: 'No such grant.' })
  @ApiOkResponse({ type: RecoveryGrantResponse })
  @Get('grants/:id')
  async getGrant(@Param('id') id: string): Promise<RecoveryGrantResponse> {
    return presentGrant(await this.recovery.grant(id));
  }

  @ApiOperation({
    operationId: 'revokeRecoveryGrant',
    summary: 'Withdraw an issued link or code; scope recovery:revoke',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'It opens nothing any more.' })
  @ApiNotFoundResponse({ description: 'No such grant.' })
  @Scope('recovery:revoke')
  @Delete('grants/:id')
  async revokeGrant(@Param('id') id: string): Promise<Answer> {
    await this.recovery.revoke(id);
    return Answer.empty();
  }

  #next({ nextPageToken }: GrantPage, { identityId, state, pageSize }: GrantFilter): string | undefined {
    if (nextPageToken === undefined) return undefined;
    const question = {
      ...(identityId !== undefined && { identity_id: identityId }),
      ...(state !== undefined && { state }),
      page_size: String(pageSize),
      page_token: nextPageToken,
    };
    return this.urls.admin('/admin/recovery/grants', question);
  }
}

function readState(text: string | undefined): GrantState | undefined {
  if (text === undefined || STATES.includes(text)) return text as GrantState | undefined;
  throw new BadRequest(`state must be one of ${STATES.join(', ')}.`);
}

function handover({ deliver, return_link }: CreateRecoveryLinkRequest, idempotencyKey?: string): Handover {
  return { deliver, returnSecret: return_link, idempotencyKey };
}

const repetition = ({ repeated }: Issued<unknown>): Record<string, string> =>
  repeated ? { 'idempotent-replayed': 'true' } : {};
