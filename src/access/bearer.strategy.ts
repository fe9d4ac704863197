import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy } from 'passport-http-bearer';
import { Random } from '../platform/random/index.js';
import { AccessTokenService } from './access.service.js';
import type { TokenHolder } from './access.view.js';

/**
 * passport-http-bearer, given a single header: on its own it would also accept a token from the query or the body.
 * Has its own name, because passport keeps one registry for the whole process.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy) {
  override name: string;
  /** set by passport on its copy of the strategy for one request */
  declare fail: (status: number) => void;

  constructor(
    private readonly tokens: AccessTokenService,
    random: Random,
  ) {
    super({ realm: 'admin' });
    this.name = `bearer-${random.uuid()}`;
    passport.use(this.name, this);
  }

  /** Fails with status 400 if it is unclear which token is meant. */
  override authenticate(request: object): void {
    const { headers, raw } = request as FastifyRequest;
    const names = raw.rawHeaders.filter((text, i) => i % 2 === 0 && text.toLowerCase() === 'authorization');
    if (names.length > 1) return this.fail(400);
    const [scheme = '', ...credentials] = (headers.authorization ?? '').trim().split(/[ \t]+/);
    if (scheme.toLowerCase() !== 'bearer') return super.authenticate(showing({}));
    if (credentials.length !== 1) return this.fail(400);
    return super.authenticate(showing({ authorization: `Bearer ${credentials[0]}` }));
  }

  async validate(token: string): Promise<TokenHolder | false> {
    return (await this.tokens.authenticate(token)) ?? false;
  }
}

/** A request with only these headers. The package's types expect an Express request. */
const showing = (headers: Record<string, string>): never => ({ headers }) as never;
