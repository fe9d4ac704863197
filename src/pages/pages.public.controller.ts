import { Get, NotFoundException, Param, Post, Req, UseFilters, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Urls } from '../config/index.js';
import { Answer, FormBody, type FormFields, formText, PublicController, Query } from '../platform/http/index.js';
import { PagesFilter } from './pages.filter.js';
import { PagesGuard } from './pages.guard.js';
import { PagesService } from './pages.service.js';
import { type FlowPage, restartOf } from './restart.js';
import { asset } from './stylesheet.js';

const START = /^\/ui\/?(\?|$)/;

/** Pages are for people, so they are not part of the API description. */
@ApiExcludeController()
@UseFilters(PagesFilter)
@UseGuards(PagesGuard)
@PublicController('ui')
export class PagesPublicController {
  constructor(
    private readonly pages: PagesService,
    private readonly urls: Urls,
  ) {}

  @Get('confirm')
  confirm(
    @Req() request: FastifyRequest,
    @Query('flow') flow?: string,
    @Query('token') token?: string,
  ): Promise<Answer> {
    return this.pages.confirm(request, flow, token);
  }

  @Get('undo')
  undo(@Query('token') token?: string): Answer {
    return this.pages.undo(token);
  }

  /** Opening the link changes nothing; this request does. */
  @Post('undo')
  undoNow(@FormBody() form: FormFields): Promise<Answer> {
    return this.pages.undoNow(formText(form, 'token'));
  }

  @Get('undone')
  undone(): Answer {
    return this.pages.undone();
  }

  @Get('recovery')
  recovery(@Req() request: FastifyRequest, @Query('flow') flow?: string): Promise<Answer> {
    return this.#show('recovery', flow, (id) => this.pages.recovery(request, id));
  }

  @Get('settings')
  settings(@Req() request: FastifyRequest, @Query('flow') flow?: string): Promise<Answer> {
    return this.#show('settings', flow, (id) => this.pages.settings(request, id));
  }

  @Get('login')
  login(@Req() request: FastifyRequest, @Query('flow') flow?: string): Promise<Answer> {
    return this.#show('login', flow, (id) => this.pages.login(request, id));
  }

  @Get('error')
  error(@Req() request: FastifyRequest, @Query('id') id?: string): Promise<Answer> {
    return this.pages.error(request, id);
  }

  /** The URL that people type. `/ui` itself is no page, because pages refer to their stylesheet relative to `/ui/`. */
  @Get(['', '*'])
  start(@Req() request: FastifyRequest): Answer {
    if (!START.test(request.url)) throw new NotFoundException();
    return Answer.seeOther(this.urls.ui('welcome'));
  }

  @Get('welcome')
  welcome(@Req() request: FastifyRequest): Promise<Answer> {
    return this.pages.welcome(request);
  }

  @Get('assets/:name')
  asset(@Param('name') name: string): Answer {
    const found = asset(name);
    if (!found) throw new NotFoundException();
    return found;
  }

  /** Shows the page of a flow; without a flow, or if it is gone, redirects to start a new one. */
  async #show(page: FlowPage, flow: string | undefined, show: (id: string) => Promise<Answer>): Promise<Answer> {
    if (flow === undefined) return Answer.seeOther(this.urls.public(`/self-service/${page}/browser`));
    try {
      return await show(flow);
    } catch (error) {
      const restart = restartOf(error, page, this.urls);
      if (restart === undefined) throw error;
      return Answer.seeOther(restart);
    }
  }
}
