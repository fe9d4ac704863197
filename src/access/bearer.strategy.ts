import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';
import { Strategy } from 'passport-http-bearer';
import { Random } from '../platform/random/index.js';
import { AccessTokenService } from './access.service.js';
import type { TokenHolder } from './access.view.js';

/**
 * passport-http-bearer, shown one header and nothing else: by itself it would also take a token from the query or the body.
 * Registered under a name of its own, because passport keeps one registry for the whole process.
 */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy) {
  override name: string;
  /** put there by passport, on its copy of the strategy for one request */
  declare fail: (status: number) => void;

  constructor(
    private readonly tokens: AccessTokenService,
    random: Random,
  ) {
    super({ realm: 'admin' });
    this.name = `bearer-${random.uuid()}`;
    passport.use(this.name, this);
  }

  /** Fails with status 400 where there is no telling which token is meant. */
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

/** A request of which nothing else is known. The package's types ask for an Express one. */
const showing = (headers: Record<string, string>): never => ({ headers }) as never;
