import { Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answer, FormBody, type FormFields, FromAnywhere, PublicController } from '../../platform/http/index.js';
import { answerFields } from './answer-fields.js';
import { SocialAnswers } from './social.answers.js';
import { SocialService } from './social.service.js';

const TEXT = { type: 'string' } as const;
const PROVIDER = { name: 'provider', type: String, example: 'google' } as const;

/** Callbacks that providers redirect people to. */
@ApiTags('frontend')
@PublicController('self-service/methods/oidc/callback')
export class SocialPublicController {
  constructor(
    private readonly social: SocialService,
    private readonly answers: SocialAnswers,
  ) {}

  @Get(':provider')
  @ApiOperation({ operationId: 'finishSocialSignIn', summary: 'Return from a social sign-in provider' })
  @ApiParam(PROVIDER)
  @ApiQuery({ name: 'state', required: true, type: String })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  @ApiResponse({ status: 303, description: 'Signed in or connected; otherwise back to the form, which says why not.' })
  @ApiResponse({ status: 400, description: 'Not started in this browser, already finished, or too late.' })
  @ApiResponse({ status: 404, description: 'The provider does not exist.' })
  async arrive(@Req() request: FastifyRequest, @Param('provider') provider: string): Promise<Answer> {
    return this.answers.of(await this.social.arrive(provider, request), request);
  }

  /** A form posted from a provider's page carries no cookies; our own redirect does. */
  @Post(':provider')
  @HttpCode(200)
  @FromAnywhere()
  @ApiOperation({
    operationId: 'forwardSocialSignIn',
    summary: 'Return from a provider whose page posts a form (response_mode form_post)',
  })
  @ApiParam(PROVIDER)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: { type: 'object', properties: { state: TEXT, code: TEXT, error: TEXT }, required: ['state'] } })
  @ApiResponse({ status: 303, description: 'Redirects to the same URL by GET.' })
  forward(@Param('provider') provider: string, @FormBody() form: FormFields): Answer {
    return Answer.seeOther(this.social.callback(provider, answerFields(form)));
  }
}
