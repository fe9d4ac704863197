import { Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RegainConfig, Urls } from '../config/index.js';
import { MissingRow } from '../platform/errors/index.js';
import {
  AdminController,
  Answer,
  CurrentRequest,
  IdParam,
  JsonBody,
  ListFilters,
  Scope,
  InsufficientScope,
} from '../platform/http/index.js';
import { CreateIdentityBody, IdentityResponse } from './identity.dto.js';
import { administrator, passwordWarnings, presentCreated, presentIdentity } from './identity.presenter.js';
import { IdentityService } from './identity.service.js';
import type { CredentialView, IdentityView } from './identity.view.js';
import {
  CREDENTIAL_TYPES,
  LIST_MEANT,
  LIST_PARAMETERS,
  pageHeaders,
  readListQuery,
  readRevealed,
} from './requests/list-query.js';
import { readGivenIdentity } from './requests/new-identity.js';

const INCLUDE = { name: 'include_credential', required: false, isArray: true, enum: CREDENTIAL_TYPES };

@ApiTags('identity')
@ApiBearerAuth()
@AdminController('identities', { scope: 'identity:read' })
export class IdentityAdminController {
  constructor(
    private readonly identities: IdentityService,
    private readonly urls: Urls,
    private readonly current: CurrentRequest,
    private readonly regain: RegainConfig,
  ) {}

  @Post()
  @Scope('identity:write')
  @ApiOperation({ operationId: 'createIdentity', summary: 'Create an identity; scope identity:write' })
  @ApiBody({ type: CreateIdentityBody })
  @ApiResponse({ status: 201, type: IdentityResponse })
  @ApiResponse({ status: 400, description: 'The traits violate their schema, or a field is invalid.' })
  @ApiResponse({
    status: 409,
    description: 'Another identity already has the identifier, the address or the external id.',
  })
  async create(@JsonBody() body: object): Promise<Answer> {
    const rule = this.regain.admin.strict_fields;
    const { identity, warnings: about } = readGivenIdentity(body, rule);
    const view = await this.identities.create(identity);
    const audience = administrator(this.current);
    const sees = audience.reads || this.current.may('credentials:read');
    const credentials = sees ? ((await this.identities.credentialsOf([view.id])).get(view.id) ?? []) : [];
    const warnings = [...about, ...passwordWarnings(credentials, rule)];
    // Without /admin, as recorded.
    const location = this.urls.admin(`/identities/${view.id}`);
    return Answer.json(201, presentCreated(view, this.urls, { ...audience, credentials, warnings })).withHeaders({
      location,
    });
  }

  @Get()
  @ApiOperation({ operationId: 'listIdentities', summary: 'List identities, page by page; scope identity:read' })
  @ApiQuery({
    name: 'page_size',
    required: false,
    type: 'integer',
    description: '1 to 500, default 250. A page of large identities ends early; continue with the Link header.',
    example: 250,
  })
  @ApiQuery({
    name: 'page_token',
    required: false,
    type: String,
    description: 'from the Link header of the previous page',
  })
  @ApiQuery({
    name: 'page',
    required: false,
    type: 'integer',
    description:
      'starts at 0; replaces page_token; up to the first 1000 identities. The answer then has X-Total-Count.',
  })
  @ApiQuery({ name: 'per_page', required: false, type: 'integer', description: 'older name of page_size' })
  @ApiQuery({
    name: 'consistency',
    required: false,
    type: String,
    description: 'Accepted for compatibility; reads are always strongly consistent.',
  })
  @ApiQuery({ name: 'credentials_identifier', required: false, type: String, example: 'ada@example.com' })
  @ApiQuery({
    name: 'preview_credentials_identifier_similar',
    required: false,
    type: String,
    description:
      'Part of an identifier. One or two characters match only its beginning. Finds at most 1000 identities.',
    example: 'lovelace',
  })
  @ApiQuery({ name: 'ids', required: false, isArray: true, type: String })
  @ApiQuery({
    name: 'organization_id',
    required: false,
    type: String,
    format: 'uuid',
    description: 'Regain has no organizations, so any value finds nothing.',
  })
  @ApiQuery({
    name: 'contained',
    required: false,
    enum: ['true', 'without_grant'],
    description:
      'Only contained identities; without_grant: only those for which no administrator’s link or code works and no recovery is in progress.',
  })
  @ApiQuery(INCLUDE)
  @ApiResponse({
    status: 200,
    type: [IdentityResponse],
    headers: {
      Link: { description: 'Links to the first, next and other pages that exist.', schema: { type: 'string' } },
      'X-Total-Count': { description: 'With `page`: number of identities on all pages.', schema: { type: 'integer' } },
    },
  })
  @ApiResponse({
    status: 400,
    description: 'A query parameter is invalid or unknown, or filters are combined.',
  })
  @ListFilters(LIST_PARAMETERS, LIST_MEANT)
  async list(@Req() request: FastifyRequest): Promise<Answer> {
    const query = readListQuery(request);
    const reveal = this.#revealed(request);
    const withCredentials = query.identifier !== undefined || query.similar !== undefined || reveal.length > 0;
    const page = await this.identities.list({ ...query, withCredentials });
    const credentials = withCredentials
      ? await this.identities.credentialsOf(page.identities.map(({ id }) => id))
      : new Map<string, CredentialView[]>();
    const answer = await Answer.list(page.identities, (view) => this.#present(view, credentials, reveal));
    return answer.withHeaders(pageHeaders(request, query, page));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getIdentity', summary: 'Get an identity with its credentials; scope identity:read' })
  @ApiQuery(INCLUDE)
  @ApiResponse({ status: 200, type: IdentityResponse })
  @ApiResponse({ status: 404, description: 'The identity does not exist.' })
  async get(@IdParam() id: string, @Req() request: FastifyRequest): Promise<IdentityResponse> {
    const view = await this.identities.get(id);
    return this.#withCredentials(view, this.#revealed(request));
  }

  @Get('by/external/:externalId')
  @ApiOperation({
    operationId: 'getIdentityByExternalID',
    summary: 'Get an identity by its external id; scope identity:read',
  })
  @ApiQuery(INCLUDE)
  @ApiResponse({ status: 200, type: IdentityResponse })
  @ApiResponse({ status: 404, description: 'No identity has this external id.' })
  async getByExternalId(
    @Param('externalId') externalId: string,
    @Req() request: FastifyRequest,
  ): Promise<IdentityResponse> {
    const view = await this.identities.findByExternalId(externalId);
    if (view === undefined) throw new MissingRow();
    return this.#withCredentials(view, this.#revealed(request));
  }

  @Delete(':id')
  @Scope('identity:write')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteIdentity', summary: 'Permanently delete an identity; scope identity:write' })
  @ApiResponse({ status: 204, description: 'The identity is deleted, with its sessions and links.' })
  @ApiResponse({ status: 404, description: 'The identity does not exist.' })
  async delete(@IdParam() id: string): Promise<Answer> {
    await this.identities.delete(id);
    return Answer.empty();
  }

  #revealed(request: FastifyRequest): string[] {
    const reveal = readRevealed(request);
    if (reveal.length > 0 && !this.current.may('credentials:read')) throw new InsufficientScope(['credentials:read']);
    return reveal;
  }

  async #withCredentials(view: IdentityView, reveal: readonly string[]): Promise<IdentityResponse> {
    return this.#present(view, await this.identities.credentialsOf([view.id]), reveal);
  }

  #present(
    view: IdentityView,
    credentials: ReadonlyMap<string, readonly CredentialView[]>,
    reveal: readonly string[],
  ): IdentityResponse {
    const shown = { ...administrator(this.current), credentials: credentials.get(view.id) ?? [], reveal };
    return presentIdentity(view, this.urls, shown);
  }
}
