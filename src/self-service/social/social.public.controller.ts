import { Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answer, FormBody, type FormFields, FromAnywhere, PublicController } from '../../platform/http/index.js';
import { answerFields } from './answer-fields.js';
import { SocialAnswers } from './social.answers.js';
import { SocialService } from './social.service.js';

const TEXT = { type: 'string' } as const;
const PROVIDER = { name: 'provider', type: String, example: 'google' } as const;

/** Where providers send people back to. */
@ApiTags('frontend')
@PublicController('self-service/methods/oidc/callback')
export class SocialPublicController {
  constructor(
    private readonly social: SocialService,
    private readonly answers: SocialAnswers,
  ) {}

  @Get(':provider')
  @ApiOperation({ operationId: 'finishSocialSignIn', summary: 'Back from a social sign-in provider' })
  @ApiParam(PROVIDER)
  @ApiQuery({ name: 'state', required: true, type: String })
  @ApiQuery({ name: 'code', required: false, type: String })
  @ApiQuery({ name: 'error', required: false, type: String })
  @ApiResponse({ status: 303, description: 'Signed in or connected, or back to the form that says why not.' })
  @ApiResponse({ status: 400, description: 'Not begun in this browser, finished already, or too late.' })
  @ApiResponse({ status: 404, description: 'No such provider.' })
  async arrive(@Req() request: FastifyRequest, @Param('provider') provider: string): Promise<Answer> {
    return this.answers.of(await this.social.arrive(provider, request), request);
  }

  /** A form that a provider's page posts brings no cookies along; our own redirect does. */
  @Post(':provider')
  @HttpCode(200)
  @FromAnywhere()
  @ApiOperation({
    operationId: 'forwardSocialSignIn',
    summary: 'Back from a provider whose page posts a form (response_mode form_post)',
  })
  @ApiParam(PROVIDER)
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: { type: 'object', properties: { state: TEXT, code: TEXT, error: TEXT }, required: ['state'] } })
  @ApiResponse({ status: 303, description: 'To the same address by GET.' })
  forward(@Param('provider') provider: string, @FormBody() form: FormFields): Answer {
    return Answer.seeOther(this.social.callback(provider, answerFields(form)));
  }
}
