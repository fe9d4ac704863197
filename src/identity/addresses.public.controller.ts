import { HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { Answer, FormBody, type FormFields, formText, PublicController, wantsJson } from '../platform/http/index.js';
import { MayBeLimited } from '../platform/rate-limit/index.js';
import { UndoAddressChangeBody } from './identity.dto.js';
import { IdentityService } from './identity.service.js';

/** Where the link leads that an address gets when an administrator's token replaced it. Opening the link changes nothing; this does. */
@ApiTags('frontend')
@PublicController('self-service/addresses')
export class AddressesPublicController {
  constructor(
    private readonly identities: IdentityService,
    private readonly urls: Urls,
  ) {}

  @Post('undo')
  @HttpCode(200)
  @ApiOperation({ operationId: 'undoAddressChange', summary: 'Undo a change of addresses that an access token made' })
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: UndoAddressChangeBody })
  @ApiResponse({ status: 200, description: 'For programs: it is undone.' })
  @ApiResponse({ status: 303, description: 'For browsers: to the page that says so.' })
  @ApiResponse({ status: 410, description: 'The link does not work: wrong, used or over; which one is not told.' })
  @MayBeLimited()
  async undo(@Req() request: FastifyRequest, @FormBody() form: FormFields): Promise<Answer> {
    await this.identities.undoAddressChange(formText(form, 'token') ?? '');
    return wantsJson(request) ? Answer.json(200, {}) : Answer.seeOther(this.urls.public('/ui/undone'));
  }
}
