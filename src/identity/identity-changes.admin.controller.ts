import { Delete, HttpCode, Param, Patch, Put, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { RegainConfig, Urls } from '../config/index.js';
import {
  AdminController,
  Answer,
  CurrentRequest,
  IdParam,
  JsonBody,
  Query,
  Scope,
  InsufficientScope,
} from '../platform/http/index.js';
import { readBatch } from './requests/batch.js';
import {
  BatchIdentitiesBody,
  BatchIdentitiesResponse,
  IdentityResponse,
  JsonPatchOperation,
  UpdateIdentityBody,
} from './identity.dto.js';
import { readCredentials } from './requests/identity-body.js';
import {
  administrator,
  passwordWarnings,
  presentBatch,
  presentIdentity,
  presentReplaced,
} from './identity.presenter.js';
import { IdentityService } from './identity.service.js';
import type { CredentialView, IdentityView } from './identity.view.js';
import { readUpdateBody, toIdentityUpdate } from './requests/identity-update.js';
import { patchIdentity, readJsonPatch } from './requests/json-patch.js';

interface Shown {
  readonly admin: true;
  readonly reads: boolean;
  readonly credentials: readonly CredentialView[];
  readonly warnings: readonly string[];
}

@ApiTags('identity')
@ApiBearerAuth()
@AdminController('identities', { scope: 'identity:write' })
export class IdentityChangesAdminController {
  constructor(
    private readonly identities: IdentityService,
    private readonly urls: Urls,
    private readonly current: CurrentRequest,
    private readonly regain: RegainConfig,
  ) {}

  @Put(':id')
  @ApiOperation({ operationId: 'updateIdentity', summary: 'Replace an identity; scope identity:write' })
  @ApiBody({ type: UpdateIdentityBody })
  @ApiResponse({ status: 200, type: IdentityResponse })
  @ApiResponse({ status: 400, description: 'The traits violate their schema, or a field is invalid.' })
  @ApiResponse({ status: 404, description: 'The identity does not exist.' })
  @ApiResponse({
    status: 409,
    description: 'Another identity already has the identifier, the address or the external id.',
  })
  async replace(@IdParam() id: string, @JsonBody() raw: object): Promise<IdentityResponse> {
    const { body, warnings } = readUpdateBody(raw, this.regain.admin.strict_fields);
    const update = toIdentityUpdate(body);
    const given = { ...readCredentials(body.credentials), lifts: body.lift };
    const view = await this.identities.update(id, () => update, given);
    return presentReplaced(view, this.urls, await this.#shown(view, warnings));
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'patchIdentity',
    summary: 'Change an identity with a JSON patch (RFC 6902); scope identity:write',
    description:
      'Applies all operations or none. `replace` adds what does not exist. An unknown top-level name is ignored and listed in `warnings`. `test`, `copy` and `move` need the scope identity:read; a password hash or an address’s `verified` needs credentials:write.',
  })
  @ApiBody({ type: [JsonPatchOperation] })
  @ApiResponse({ status: 200, type: IdentityResponse })
  @ApiResponse({ status: 400, description: 'The patch cannot be applied, or its result is invalid.' })
  @ApiResponse({ status: 404, description: 'The identity does not exist.' })
  @ApiResponse({
    status: 409,
    description: 'Another identity already has the identifier, the address or the external id.',
  })
  async patch(@IdParam() id: string, @Req() request: FastifyRequest): Promise<IdentityResponse> {
    const rule = this.regain.admin.strict_fields;
    const patch = readJsonPatch(request, rule);
    if (patch.reads && !this.current.may('identity:read')) throw new InsufficientScope(['identity:read']);
    const given = patch.hashedPassword === undefined ? undefined : { hashedPassword: patch.hashedPassword };
    const view = await this.identities.update(id, (before) => patchIdentity(before, patch, rule), given);
    return presentIdentity(view, this.urls, await this.#shown(view, patch.warnings));
  }

  @Patch()
  @ApiOperation({
    operationId: 'batchPatchIdentities',
    summary: 'Create up to 1000 identities; scope identity:write',
    description: 'Each entry is handled on its own: a refused entry does not stop the others.',
  })
  @ApiBody({ type: BatchIdentitiesBody })
  @ApiResponse({ status: 200, type: BatchIdentitiesResponse })
  @ApiResponse({ status: 400, description: 'The body as a whole is invalid; nothing was created.' })
  async batch(@JsonBody() body: object): Promise<BatchIdentitiesResponse> {
    const { entries, warnings } = readBatch(body, this.regain.admin.strict_fields);
    const passwords = entries.some(({ withPassword }) => withPassword);
    if (passwords && !this.current.may('credentials:write')) throw new InsufficientScope(['credentials:write']);
    return presentBatch(entries, await this.identities.createMany(entries), warnings);
  }

  @Delete(':id/credentials/:type')
  @Scope('credentials:write')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'deleteIdentityCredentials',
    summary: 'Delete a credential of an identity; scope credentials:write',
  })
  @ApiResponse({ status: 204, description: 'The credential is deleted.' })
  @ApiResponse({ status: 400, description: 'It is the person’s last way to sign in, or its type cannot be deleted.' })
  @ApiResponse({ status: 404, description: 'The identity does not exist, or has no such credential.' })
  @ApiQuery({
    name: 'identifier',
    required: false,
    type: String,
    description: 'The connected account to delete: provider, colon, subject. Required for the type oidc.',
    example: 'google:110169484474386276334',
  })
  async deleteCredential(
    @IdParam() id: string,
    @Param('type') type: string,
    @Query('identifier') identifier?: string,
  ): Promise<Answer> {
    await this.identities.deleteCredential(id, type, identifier);
    return Answer.empty();
  }

  /** Options for presenting the identity: what the caller may read, which credentials they may see, and warnings. */
  async #shown({ id }: IdentityView, about: readonly string[]): Promise<Shown> {
    const audience = administrator(this.current);
    const sees = audience.reads || this.current.may('credentials:read');
    const found = sees ? await this.identities.credentialsOf([id]) : undefined;
    const credentials = found?.get(id) ?? [];
    const warnings = [...about, ...passwordWarnings(credentials, this.regain.admin.strict_fields)];
    return { ...audience, credentials, warnings };
  }
}
