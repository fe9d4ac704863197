import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../health/index.js';
import { completeDocument } from './complete.js';

const DESCRIPTION = `Gives people back access to their accounts: an administrator requests a recovery link; the person follows it, gets a privileged session for a limited time, and sets a new credential.

Operations under \`/admin\` need a personal access token (\`ory_pat_…\`): press **Authorize** and paste it. The interface is that of Ory Kratos on this path.`;

const TAGS = {
  recovery: 'Recovery links and codes: for administrators, and for the people who use them.',
  identity: 'The accounts.',
  'access tokens': 'Personal access tokens: who may call the admin API, and what they may do.',
  audit: 'Who did what, and when.',
  courier: 'Outgoing messages and their delivery.',
  frontend: 'For user interfaces and native clients: signing in and out, settings, errors, the session.',
  schemas: 'The schemas of identity traits.',
  health: 'Probes.',
};

/** The public URLs of the two listeners. */
interface Servers {
  readonly public: string;
  readonly admin: string;
}

/** The whole API as OpenAPI 3.1. Needs no database: create the application with `preview: true`. */
export function describeApi(app: NestFastifyApplication, servers: Servers): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Regain')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'A personal access token: `ory_pat_` and 32 characters.',
    })
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-Session-Token', description: 'The session of a native client.' },
      'sessionToken',
    )
    .addCookieAuth('ory_kratos_session', { type: 'apiKey', description: 'The session of a browser.' }, 'sessionCookie');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_controller, method) => method,
  });
  return withServers(completeDocument(document), servers);
}

/** Serves `/docs` and `/openapi.json`. Works offline, under a content security policy of its own. */
export function serveApiDocs(app: NestFastifyApplication, servers: Servers): void {
  const origins = [...new Set([servers.admin, servers.public].map((url) => new URL(url).origin))].join(' ');
  const policy = `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ${origins}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if ((request.routeOptions.url ?? '').startsWith('/docs')) {
      reply.header('content-security-policy', policy);
      reply.header('referrer-policy', 'no-referrer');
    }
    done();
  });
  let document: OpenAPIObject | undefined; // generated on the first request, so that it does not slow down the start
  SwaggerModule.setup('docs', app, () => (document ??= describeApi(app, servers)), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Regain API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: true, validatorUrl: null },
  });
}

/** Assigns each operation the listener that answers it; if both do, the admin one comes first. */
function withServers(document: OpenAPIObject, servers: Servers): OpenAPIObject {
  const admin = { url: servers.admin, description: 'The admin listener.' };
  const open = { url: servers.public, description: 'The public listener.' };
  const paths = Object.entries(document.paths).map(([path, item]) => {
    if (/^\/(admin|version)(\/|$)/.test(path)) return [path, { ...item, servers: [admin] }];
    return [path, { ...item, servers: /^\/(health|schemas)(\/|$)/.test(path) ? [admin, open] : [open] }];
  });
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}
