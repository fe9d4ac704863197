import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../health/index.js';
import { completeDocument } from './complete.js';

const DESCRIPTION = `Gives people their accounts back: an administrator asks for a recovery link, the person follows it, gets a privileged session for a limited time, and sets a new credential.

Operations under \`/admin\` need a personal access token (\`ory_pat_…\`): press **Authorize** and paste it. The interface is that of Ory Kratos on this path.`;

const TAGS = {
  recovery: 'Links that give an account back: for administrators, and for the person who follows one.',
  identity: 'The accounts.',
  'access tokens': 'Personal access tokens: who may call the admin API, and for what.',
  audit: 'What happened, and who did it.',
  courier: 'Mail that was sent, or could not be.',
  frontend: 'What user interfaces and native clients call: signing in and out, settings, errors, the session.',
  schemas: 'Which traits an identity has.',
  health: 'Probes.',
};

/** Where the two listeners are reached from outside. */
interface Servers {
  readonly public: string;
  readonly admin: string;
}

/** The whole API as OpenAPI 3.1. Needs no database: the application may be made with `preview: true`. */
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

/** `/docs`, `/openapi.json`: works without the internet, under a policy that only this page gets. */
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
  let document: OpenAPIObject | undefined; // made when it is first asked for: a start has no need of it
  SwaggerModule.setup('docs', app, () => (document ??= describeApi(app, servers)), {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Regain API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: true, validatorUrl: null },
  });
}

/** Each operation on the listener that answers it; what both answer, on the admin one first. */
function withServers(document: OpenAPIObject, servers: Servers): OpenAPIObject {
  const admin = { url: servers.admin, description: 'The admin listener.' };
  const open = { url: servers.public, description: 'The public listener.' };
  const paths = Object.entries(document.paths).map(([path, item]) => {
    if (/^\/(admin|version)(\/|$)/.test(path)) return [path, { ...item, servers: [admin] }];
    return [path, { ...item, servers: /^\/(health|schemas)(\/|$)/.test(path) ? [admin, open] : [open] }];
  });
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}
