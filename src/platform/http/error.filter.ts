import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { BadRequest, DomainError, Unavailable } from '../errors/index.js';
import { translateDriverError } from '../database/index.js';
import { Answer } from './answer.js';
import { BrowserErrors, ERROR_KEEPER, type ErrorKeeper, REFUSAL_PAGE, type RefusalPage } from './error-page.js';
import { LOGGER } from './http.options.js';
import { noteRefusal } from './refused.js';
import { RouteTable } from './route-table.js';

class Unexpected extends DomainError {
  readonly status = 500;

  constructor() {
    super('An internal server error occurred, please contact the system administrator');
  }
}

/** The only place that turns errors into answers. Reveals nothing about an unexpected error. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  constructor(
    @Inject(ERROR_KEEPER) private readonly keeper: ErrorKeeper,
    @Inject(REFUSAL_PAGE) private readonly refusals: RefusalPage,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  async catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (thrown instanceof HttpException && thrown.getStatus() === 404) {
      noteRefusal(request, 404);
      this.routes.notFound(request).send(reply);
      return;
    }
    const error = wasCutShort(request)
      ? new BadRequest('The connection closed before the whole body arrived.')
      : this.#known(thrown);
    noteRefusal(request, error.status);
    this.#log(thrown, error, request);
    const answer = await this.#answer(error, request);
    answer
      .withHeaders({ ...error.headers })
      .withCookies(...error.cookies)
      .send(reply);
  }

  #known(thrown: unknown): DomainError {
    if (thrown instanceof DomainError) return thrown;
    const translated = translateDriverError(thrown, 'none');
    if (translated instanceof DomainError) return translated;
    // Nest wraps Fastify's exceptions in its own.
    const status =
      thrown instanceof HttpException ? thrown.getStatus() : (thrown as { statusCode?: unknown }).statusCode;
    if (status === 413) return new PayloadTooLarge();
    if (thrown instanceof HttpException && thrown.getStatus() < 500) return new BadRequest(thrown.message);
    if (typeof status === 'number' && status >= 400 && status < 500)
      return new BadRequest('The request could not be read.');
    return new Unexpected();
  }

  async #answer(error: DomainError, request: FastifyRequest): Promise<Answer> {
    if (!BrowserErrors.wantsPage(request)) return Answer.json(error.status, { error: error.toBody(), ...error.extra });
    if (error.status === 429) return this.refusals.show(error, request.id);
    try {
      return Answer.seeOther(await this.keeper.keep(error));
    } catch (trouble) {
      const context = trouble instanceof DomainError ? trouble.context : undefined;
      const away = new Unavailable('The database cannot be reached, or did not answer in time.', 1, context);
      if (!(trouble instanceof Unavailable)) this.#log(trouble, away, request);
      return Answer.json(away.status, { error: away.toBody() }).withHeaders(away.headers);
    }
  }

  #log(thrown: unknown, error: DomainError, request: FastifyRequest): void {
    if (error.status < 500) return;
    const unexpected = error instanceof Unexpected && thrown instanceof Error;
    this.logger.error(
      {
        request_id: request.id,
        route: request.routeOptions.url ?? 'none',
        error: thrown instanceof Error ? thrown.name : typeof thrown,
        ...error.context,
        ...(unexpected ? { stack: frames(thrown) } : {}),
      },
      'request failed',
    );
  }
}

class PayloadTooLarge extends DomainError {
  readonly status = 413;
  override readonly reason = 'The request body is larger than the server accepts.';

  constructor() {
    super('The request was malformed or contained invalid parameters');
  }
}

/**
 * The client disconnected while sending its body. Node reports ECONNRESET, which must not be taken for a database
 * error.
 */
const wasCutShort = ({ raw }: FastifyRequest): boolean => raw.destroyed && !raw.complete;

/** Where it happened. Drops the message, which can quote values. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .map((line) => line.trim());
