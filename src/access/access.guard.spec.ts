import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { AuditService } from '../audit/index.js';
import { RegainConfig } from '../config/index.js';
import { Unavailable } from '../platform/errors/index.js';
import {
  AdminController,
  Audience,
  CSRF,
  CurrentRequest,
  ERROR_KEEPER,
  ErrorFilter,
  LOGGER,
  PublicController,
  REFUSAL_PAGE,
  RouteTable,
  Scope,
} from '../platform/http/index.js';
import { Random } from '../platform/random/index.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokenService } from './access.service.js';
import { BearerStrategy } from './bearer.strategy.js';

const current = new CurrentRequest();

@AdminController('things', { scope: 'identity:read' })
class ThingsController {
  @Get()
  read() {
    return current.actor;
  }

  @Get('write')
  @Scope('identity:write')
  write() {
    return current.actor;
  }

  @Get('any')
  @Scope('')
  any() {
    return current.actor;
  }
}

@Controller('admin/forgotten')
class ForgottenController {
  @Get()
  read() {
    return 'seen';
  }
}

@Controller('admin/unaddressed')
class UnaddressedController {
  @Get()
  @Scope('identity:read')
  read() {
    return 'seen';
  }
}

@Controller('admin/scopeless')
@Audience('admin')
class ScopelessController {
  @Get()
  read() {
    return 'seen';
  }
}

@PublicController('self-service')
class OpenController {
  @Get()
  read() {
    return current.actor;
  }
}

const HOLDERS: Record<string, { id: string; name: string; scopes: string[] }> = {
  reader: { id: '1', name: 'reader', scopes: ['identity:read'] },
  all: { id: '2', name: 'all', scopes: ['*'] },
  none: { id: '3', name: 'none', scopes: [] },
};

const apps: NestFastifyApplication[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

interface Reply {
  status: number;
  body: { error?: object; type?: string };
  challenge: string | undefined;
  caching: string | undefined;
}

type Asker = (path: string, headers?: string[], host?: string) => Promise<Reply>;

async function startApp({ authentication = 'pat' as 'pat' | 'none', databaseAway = false } = {}) {
  const refused: string[] = [];
  const asked: string[] = [];
  const authenticate = (token: string) => {
    asked.push(token);
    if (databaseAway) throw new Unavailable('The database cannot be reached.');
    return Promise.resolve(HOLDERS[token]);
  };
  const module = await Test.createTestingModule({
    controllers: [ThingsController, ForgottenController, UnaddressedController, ScopelessController, OpenController],
    providers: [
      BearerStrategy,
      Random,
      RouteTable,
      { provide: CurrentRequest, useValue: current },
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useClass: ErrorFilter },
      { provide: CSRF, useValue: {} },
      { provide: ERROR_KEEPER, useValue: {} },
      { provide: REFUSAL_PAGE, useValue: {} },
      { provide: LOGGER, useValue: pino({ level: 'silent' }) },
      { provide: RegainConfig, useValue: { admin: { authentication } } },
      { provide: AccessTokenService, useValue: { authenticate } },
      { provide: AuditService, useValue: { refused: (...what: string[]) => refused.push(what.join(' ')) } },
    ],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  apps.push(app);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, _reply, done) =>
      current.run({ requestId: 'r', network: '192.0.2.1', userAgent: '' }, done),
    );
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { ask: asker(port), refused, asked };
}

/** Headers as a raw list of names and values, the only way to send one twice. */
const asker =
  (port: number): Asker =>
  (path, headers = [], host = 'localhost') =>
    new Promise((done, fail) => {
      const request = httpRequest({ port, host: '127.0.0.1', path, headers: ['host', host, ...headers] });
      request.on('error', fail).on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          done({
            status: response.statusCode ?? 0,
            body: JSON.parse(text) as Reply['body'],
            challenge: response.headers['www-authenticate'],
            caching: response.headers['cache-control'],
          }),
        );
      });
      request.end();
    });

const bearer = (token: string): string[] => ['authorization', `Bearer ${token}`];

describe('a guarded route', () => {
  test('admits a token with its scope and tells the handler who calls', async () => {
    const { ask } = await startApp();
    const { status, body } = await ask('/admin/things', bearer('reader'));
    expect(status).toBe(200);
    expect(body).toEqual({ type: 'access_token', id: '1', label: 'reader', scopes: ['identity:read'] });
  });

  test.each(['bearer', 'BEARER', 'Bearer  '])('accepts the scheme spelled "%s"', async (scheme) => {
    const { ask } = await startApp();
    expect((await ask('/admin/things', ['authorization', `${scheme} reader`])).status).toBe(200);
  });

  test.each([
    ['no header', []],
    ['an empty header', ['authorization', '']],
    ['another scheme', ['authorization', 'Basic cmVhZGVyOnJlYWRlcg==']],
    ['another scheme with parameters', ['authorization', 'Digest username="a", realm="b"']],
    ['a session token', ['x-session-token', 'reader']],
  ])('answers %s with a challenge without an error', async (_, headers) => {
    const { ask, asked } = await startApp();
    const { status, challenge, body, caching } = await ask('/admin/things', headers);
    expect({ status, challenge }).toEqual({ status: 401, challenge: 'Bearer realm="admin"' });
    expect(body).toEqual({
      error: {
        code: 401,
        status: 'Unauthorized',
        reason: 'The header "Authorization: Bearer" with a personal access token is missing.',
        message: 'The request could not be authorized',
      },
    });
    expect(caching).toContain('no-store');
    expect(asked).toEqual([]);
  });

  test('ignores a token in the query', async () => {
    const { ask, asked } = await startApp();
    const { status, challenge } = await ask('/admin/things?access_token=all');
    expect({ status, challenge }).toEqual({ status: 401, challenge: 'Bearer realm="admin"' });
    expect((await ask('/admin/things?access_token=all', bearer('reader'))).status).toBe(200);
    expect(asked).toEqual(['reader']);
  });

  test('answers an unknown token with invalid_token', async () => {
    const { ask } = await startApp();
    const { status, challenge, body, caching } = await ask('/admin/things', bearer('unknown'));
    expect({ status, challenge }).toEqual({ status: 401, challenge: 'Bearer realm="admin", error="invalid_token"' });
    expect(body.error).toMatchObject({ code: 401, reason: 'The personal access token is not valid.' });
    expect(caching).toContain('no-store');
  });

  test.each([
    ['two headers', [...bearer('reader'), ...bearer('reader')]],
    ['two headers with different schemes', [...bearer('reader'), 'Authorization', 'Basic eDp5']],
    ['two tokens', ['authorization', 'Bearer reader all']],
    ['two tokens joined by a proxy', ['authorization', 'Bearer reader, Bearer all']],
    ['no token', ['authorization', 'Bearer']],
  ])('answers %s with invalid_request', async (_, headers) => {
    const { ask, asked } = await startApp();
    const { status, challenge, body } = await ask('/admin/things', headers);
    expect({ status, challenge }).toEqual({ status: 400, challenge: 'Bearer realm="admin", error="invalid_request"' });
    expect(body.error).toMatchObject({ code: 400, status: 'Bad Request' });
    expect(asked).toEqual([]);
  });

  test("names the missing scope; the method's scope overrides the class's", async () => {
    const { ask, refused } = await startApp();
    const { status, challenge, body } = await ask('/admin/things/write', bearer('reader'));
    expect({ status, challenge }).toEqual({
      status: 403,
      challenge: 'Bearer realm="admin", error="insufficient_scope", scope="identity:write"',
    });
    expect(body.error).toMatchObject({
      id: 'insufficient_scope',
      code: 403,
      reason: 'The personal access token lacks the scope identity:write.',
    });
    expect(refused).toEqual(['access.insufficient_scope route GET /admin/things/write']);
    expect((await ask('/admin/things/write', bearer('all'))).status).toBe(200);
  });

  test('an empty scope accepts any valid token', async () => {
    const { ask } = await startApp();
    expect((await ask('/admin/things/any', bearer('none'))).status).toBe(200);
    expect((await ask('/admin/things/any')).status).toBe(401);
  });

  test('answers 503, never 401, while the database is down', async () => {
    const { ask, refused } = await startApp({ databaseAway: true });
    const { status, challenge } = await ask('/admin/things', bearer('reader'));
    expect({ status, challenge }).toEqual({ status: 503, challenge: undefined });
    expect(refused).toEqual([]);
  });

  test('does not mix up callers under load', async () => {
    const { ask } = await startApp();
    const answers = await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        const token = ['reader', 'unknown', 'all'][i % 3]!;
        const { status, body } = await ask('/admin/things', bearer(token));
        return `${token} ${status} ${(body as { label?: string }).label ?? 'nobody'}`;
      }),
    );
    expect([...new Set(answers)].sort()).toEqual(['all 200 all', 'reader 200 reader', 'unknown 401 nobody']);
  });
});

describe('refusal by default', () => {
  test.each(['/admin/forgotten', '/admin/unaddressed', '/admin/scopeless'])(
    '%s, which is not fully declared, is closed to every token',
    async (path) => {
      const { ask } = await startApp();
      expect((await ask(path, bearer('all'))).status).toBe(403);
    },
  );

  test('a public route passes without a token and with a bad one', async () => {
    const { ask, asked } = await startApp();
    expect(await ask('/self-service')).toMatchObject({ status: 200, body: { type: 'anonymous' } });
    expect(await ask('/self-service', bearer('unknown'))).toMatchObject({ status: 200, body: { type: 'anonymous' } });
    expect(asked).toEqual([]);
  });

  test('refusals are audited with the route, not the URL', async () => {
    const { ask, refused } = await startApp();
    await ask('/admin/things?secret=1');
    await ask('/admin/things', bearer('unknown'));
    expect(refused).toEqual(Array(2).fill('access.unauthenticated route GET /admin/things'));
  });
});

test('with authentication none, every caller is the system, and a route without a scope stays closed', async () => {
  const { ask } = await startApp({ authentication: 'none' });
  expect(await ask('/admin/things')).toMatchObject({ status: 200, body: { type: 'system', label: 'unauthenticated' } });
  expect((await ask('/admin/scopeless')).status).toBe(403);
  expect((await ask('/admin/forgotten')).status).toBe(403);
});

test('with authentication none, no web page may call, however it got here', async () => {
  const { ask, refused } = await startApp({ authentication: 'none' });
  for (const headers of [
    ['origin', 'https://evil.example'],
    ['sec-fetch-site', 'cross-site'],
  ])
    expect(await ask('/admin/things', headers)).toMatchObject({ status: 403 });
  expect(await ask('/admin/things', [], 'evil.example:4434')).toMatchObject({
    status: 403,
    body: { error: { reason: expect.stringContaining('only programs on this machine') } },
  });
  expect(refused).toEqual(Array(3).fill('access.not_from_this_machine route GET /admin/things'));
});

test('two applications in one process each use their own database', async () => {
  const one = await startApp();
  const two = await startApp();
  await one.ask('/admin/things', bearer('reader'));
  expect([one.asked, two.asked]).toEqual([['reader'], []]);
});
