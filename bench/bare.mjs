/**
 * The baseline: a bare Fastify + pg server with the same statements and similar answers, but without validation, error texts
 * and CSRF. Reads DSN from the environment and sends its port to the parent process.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { CREATE_LINK, FIND_TOKEN, REDEEM_LINK, WHOAMI } from './statements.mjs';

const pool = new pg.Pool({ connectionString: process.env.DSN, max: 10 });
const digest = (text) => createHash('sha256').update(text).digest();
const secret = () => randomBytes(24).toString('base64url');
const HOUR = 3600;

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const app = fastify();

app.post('/admin/recovery/link', async (request, reply) => {
  const token = request.headers.authorization.slice('Bearer '.length);
  const [access] = await rows('find_token', FIND_TOKEN, [digest(token)]);
  if (!access) return reply.code(401).send({});
  const [flow, link] = [randomUUID(), secret()];
  const [grant] = await rows('create_link', CREATE_LINK, [
    flow,
    'http://127.0.0.1/self-service/recovery/browser',
    request.body.identity_id,
    12 * HOUR,
    randomUUID(),
    digest(link),
    access.id,
    randomUUID(),
    access.name,
    randomUUID(),
    request.headers['user-agent'],
  ]);
  if (!grant) return reply.code(404).send({});
  return {
    recovery_link: `http://127.0.0.1/self-service/recovery?flow=${flow}&token=${link}`,
    expires_at: grant.expires_at,
  };
});

app.get('/self-service/recovery', async (request, reply) => {
  const [session, seed, settings] = [secret(), secret(), randomUUID()];
  const redeemed = await rows('redeem_link', REDEEM_LINK, [
    digest(request.query.token),
    request.query.flow,
    randomUUID(),
    digest(session),
    24 * HOUR,
    randomUUID(),
    request.headers['user-agent'],
    settings,
    digest(seed),
    randomUUID(),
    randomUUID(),
  ]);
  if (redeemed.length !== 1) return reply.code(404).send({});
  return reply
    .header('set-cookie', [`csrf_token=${seed}; Path=/; HttpOnly`, `ory_kratos_session=${session}; Path=/; HttpOnly`])
    .redirect(`http://127.0.0.1/ui/settings?flow=${settings}`, 303);
});

app.get('/sessions/whoami', async (request, reply) => {
  const cookie = /ory_kratos_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const [session] = await rows('whoami', WHOAMI, [digest(cookie)]);
  return session ?? reply.code(401).send({});
});

await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: app.server.address().port });
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  process.disconnect();
});
