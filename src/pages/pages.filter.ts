import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { translateDriverError } from '../platform/database/index.js';
import { DomainError } from '../platform/errors/index.js';
import { LOGGER, RouteTable } from '../platform/http/index.js';
import { PageAnswers } from './page-answers.js';

/** People who open a page always get a page, whatever goes wrong. It works without the database. */
@Catch()
export class PagesFilter implements ExceptionFilter {
  constructor(
    private readonly answers: PageAnswers,
    private readonly routes: RouteTable,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (thrown instanceof HttpException && thrown.getStatus() === 404) {
      this.routes.notFound(request).send(reply); // an unknown path gets the same answer as everywhere else
      return;
    }
    const error = this.#known(thrown);
    const status = error?.status ?? 500;
    if (status >= 500) this.#log(thrown, error, request);
    this.answers
      .error({ status, id: error?.id, kind: error?.kind }, request.id)
      .withHeaders({ ...error?.headers })
      .send(reply);
  }

  #known(thrown: unknown): DomainError | undefined {
    const error = thrown instanceof DomainError ? thrown : translateDriverError(thrown, 'none');
    return error instanceof DomainError ? error : undefined;
  }

  /** Logs only the kind of error, because messages can quote values. */
  #log(thrown: unknown, error: DomainError | undefined, request: FastifyRequest): void {
    const name = thrown instanceof Error ? thrown.name : typeof thrown;
    this.logger.error(
      { request_id: request.id, route: request.routeOptions.url ?? 'none', error: name, ...error?.context },
      'page failed',
    );
  }
}
