import { applyDecorators, Delete, Get, Headers, HttpCode, Post } from '@nestjs/common';
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
import { RegainConfig, Urls } from '../config/index.js';
import { BadRequest } from '../platform/errors/index.js';
import { uuidOf } from '../platform/flow/index.js';
import {
  AdminController,
  Answer,
  IdParam,
  ListFilters,
  Query,
  QueryFlag,
  Scope,
  type Given,
  KnownBody,
} from '../platform/http/index.js';
import { ApiPage, ApiPageQuery, nextLink, readPageSize } from '../platform/paging/index.js';
import { Limited } from '../platform/rate-limit/index.js';
import {
  CreateRecoveryCodeRequest,
  CreateRecoveryLinkRequest,
  RecoveryCodeResponse,
  RecoveryGrantResponse,
  RecoveryLinkResponse,
} from './recovery.dto.js';
import { type Handover, type Issued, RecoveryIssuing } from './recovery.issuing.service.js';
import { presentCode, presentGrant, presentLink } from './recovery.presenter.js';
import { type GrantFilter, type GrantPage, type GrantState, ListGrants } from './steps/list-grants.js';
import { RevokeGrant } from './steps/revoke-grant.js';

const STATES: readonly string[] = ['active', 'used', 'revoked', 'expired'];
const GRANT_PARAMETERS = ['identity_id', 'state', 'page_size', 'page_token'];
const PAGE = { usual: 100, largest: 1_000 };

const ApiIdempotency = (): MethodDecorator =>
  applyDecorators(
    ApiHeader({
      name: 'idempotency-key',
      required: false,
      description:
        'Specific to Regain: a call that is repeated with the same key within 24 hours creates nothing new and gets the same answer.',
      example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
    }),
    ApiConflictResponse({
      description:
        'With `strict`: the link or code would be useless to the person. Or the first call with this Idempotency-Key is still running.',
    }),
    ApiUnprocessableEntityResponse({ description: 'The Idempotency-Key belongs to another request.' }),
  );

const ApiReturnTo = (): MethodDecorator =>
  ApiQuery({
    name: 'return_to',
    required: false,
    type: String,
    description: 'Where the person goes after setting a credential; must be allowed.',
  });

const ApiStrict = (): MethodDecorator =>
  ApiQuery({
    name: 'strict',
    required: false,
    type: Boolean,
    description:
      'Specific to Regain: true refuses (409) a link or code that the person could not use, because the identity is inactive, has a second factor that cannot be checked, or no method is enabled to set a credential. Without it, the answer says so in `warnings`.',
  });

@ApiTags('recovery')
@ApiBearerAuth()
@AdminController('recovery', { scope: 'recovery:issue' })
export class RecoveryAdminController {
  constructor(
    private readonly issuing: RecoveryIssuing,
    private readonly grants: ListGrants,
    private readonly revocation: RevokeGrant,
    private readonly urls: Urls,
    private readonly regain: RegainConfig,
  ) {}

  @ApiOperation({
    operationId: 'createRecoveryLinkForIdentity',
    summary: 'Create a recovery link for an identity; scope recovery:issue, or recovery:deliver for a blind delivery',
  })
  @ApiBody({ type: CreateRecoveryLinkRequest })
  @ApiReturnTo()
  @ApiStrict()
  @ApiIdempotency()
  @ApiOkResponse({ type: RecoveryLinkResponse })
  @ApiNotFoundResponse({ description: 'The method link is disabled.' })
  @Scope('recovery:issue', 'recovery:deliver')
  @Limited('issue_actor')
  @Post('link')
  @HttpCode(200)
  async createLink(
    @KnownBody(CreateRecoveryLinkRequest) given: Given<CreateRecoveryLinkRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @Query('return_to') returnTo: string | undefined,
    @QueryFlag('strict') strict: boolean,
  ): Promise<Answer> {
    const { body, warnings } = given.read(this.regain.admin.strict_fields);
    const request = { identityId: body.identity_id, expiresIn: body.expires_in, returnTo };
    const link = await this.issuing.issueLink(request, handover(body, key, strict));
    return Answer.json(200, presentLink(link, warnings)).withHeaders(repetition(link));
  }

  @ApiOperation({
    operationId: 'createRecoveryCodeForIdentity',
    summary: 'Create a recovery code for an identity; scope recovery:issue, or recovery:deliver for a blind delivery',
  })
  @ApiBody({ type: CreateRecoveryCodeRequest })
  @ApiReturnTo()
  @ApiStrict()
  @ApiIdempotency()
  @ApiCreatedResponse({ type: RecoveryCodeResponse })
  @ApiNotFoundResponse({ description: 'The identity does not exist, or the method code is disabled.' })
  @Scope('recovery:issue', 'recovery:deliver')
  @Limited('issue_actor')
  @Post('code')
  @HttpCode(201)
  async createCode(
    @KnownBody(CreateRecoveryCodeRequest) given: Given<CreateRecoveryCodeRequest>,
    @Headers('idempotency-key') key: string | undefined,
    @Query('return_to') returnTo: string | undefined,
    @QueryFlag('strict') strict: boolean,
  ): Promise<Answer> {
    const { body, warnings } = given.read(this.regain.admin.strict_fields);
    const request = { identityId: body.identity_id, expiresIn: body.expires_in, flowType: body.flow_type, returnTo };
    const code = await this.issuing.issueCode(request, handover(body, key, strict));
    return Answer.json(201, presentCode(code, warnings)).withHeaders(repetition(code));
  }

  @ApiOperation({
    operationId: 'listRecoveryGrants',
    summary: 'List issued links and codes, newest first, without their secrets; scope recovery:issue',
  })
  @ApiQuery({ name: 'identity_id', required: false, type: String, format: 'uuid' })
  @ApiQuery({ name: 'state', required: false, enum: STATES })
  @ApiPageQuery(PAGE)
  @ApiPage(RecoveryGrantResponse)
  @ListFilters(GRANT_PARAMETERS, {
    identity: 'identity_id',
    user_id: 'identity_id',
    status: 'state',
    limit: 'page_size',
  })
  @Get('grants')
  async listGrants(
    @Query('identity_id') identityId?: string,
    @Query('state') state?: string,
    @Query('page_size') size?: string,
    @Query('page_token') pageToken?: string,
  ): Promise<Answer> {
    const question = { identityId: readId(identityId), state: readState(state), pageSize: readPageSize(size, PAGE) };
    const page = await this.grants.run({ ...question, pageToken });
    return Answer.json(200, page.grants.map(presentGrant)).withHeaders(nextLink(this.#next(page, question)));
  }

  @ApiOperation({ operationId: 'getRecoveryGrant', summary: 'Get an issued link or code; scope recovery:issue' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNotFoundResponse({ description: 'The grant does not exist.' })
  @ApiOkResponse({ type: RecoveryGrantResponse })
  @Get('grants/:id')
  async getGrant(@IdParam() id: string): Promise<RecoveryGrantResponse> {
    return presentGrant(await this.grants.one(id));
  }

  @ApiOperation({
    operationId: 'revokeRecoveryGrant',
    summary: 'Revoke an issued link or code; scope recovery:revoke',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The link or code no longer works.' })
  @ApiNotFoundResponse({ description: 'The grant does not exist.' })
  @Scope('recovery:revoke')
  @Delete('grants/:id')
  async revokeGrant(@IdParam() id: string): Promise<Answer> {
    await this.revocation.run(id);
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

function readId(text: string | undefined): string | undefined {
  const id = uuidOf(text);
  if (text !== undefined && id === undefined) throw new BadRequest('identity_id must be a UUID.');
  return id;
}

function handover(
  { deliver, return_link, contain, reset }: CreateRecoveryLinkRequest,
  idempotencyKey: string | undefined,
  strict: boolean,
): Handover {
  return { deliver, returnSecret: return_link, contain, reset, idempotencyKey, strict };
}

const repetition = ({ repeated }: Issued<unknown>): Record<string, string> =>
  repeated ? { 'idempotent-replayed': 'true' } : {};
