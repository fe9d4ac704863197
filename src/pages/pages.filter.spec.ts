import type { ArgumentsHost } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { RegainConfig, SelfServiceConfig, ServeConfig, Urls } from '../config/index.js';
import { Unavailable } from '../platform/errors/index.js';
import { RouteTable } from '../platform/http/index.js';
import { PageAnswers } from './page-answers.js';
import { PagesFilter } from './pages.filter.js';

/** What a person and the log see when a page throws. */
function answerTo(thrown: unknown) {
  const log: string[] = [];
  const urls = new Urls({ public: { base_url: 'https://id.example' } } as ServeConfig, new SelfServiceConfig());
  const logger = pino({ base: null }, { write: (line: string) => void log.push(line) });
  const filter = new PagesFilter(new PageAnswers(new RegainConfig(), urls), new RouteTable(), logger);
  const request = { id: 'request-7', method: 'GET', raw: { url: '/ui/login' }, routeOptions: { url: '/ui/login' } };
  const sent = { status: 0, headers: {} as Record<string, string>, body: '' };
  const reply = {
    sent: false,
    request,
    code: (status: number) => ((sent.status = status), reply),
    headers: (headers: Record<string, string>) => ((sent.headers = headers), reply),
    header: () => reply,
    send: (body: string) => ((sent.body = body), reply),
  } as unknown as FastifyReply;
  const http = { getRequest: () => request, getResponse: () => reply };
  filter.catch(thrown, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return { ...sent, log };
}

test('if the database is down, the page says to come back, with the headers of every page', () => {
  const { status, headers, body } = answerTo(new Unavailable('The database cannot be reached.', 3));
  expect(status).toBe(503);
  expect(headers).toMatchObject({
    'retry-after': '3',
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'no-referrer',
  });
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(body).toContain('<h1>We’ll be right back</h1>');
});

test('a driver error is recognised', () => {
  expect(answerTo(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })).status).toBe(503);
});

test('for a bug, the page only shows the reference, and the log omits its message', () => {
  const { status, body, log } = answerTo(new TypeError('cannot read secret-value'));
  expect(status).toBe(500);
  expect(body).toContain('<h1>Something went wrong</h1>');
  expect(body).toContain('<code>request-7</code>');
  expect(body + log.join('')).not.toContain('secret-value');
  expect(log.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'page failed', error: 'TypeError', request_id: 'request-7', route: '/ui/login' },
  ]);
});
