import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { audienceOfRequest } from './prefixes.js';

/** Which other origins may call a listener from a browser: `cors` in kratos.yml. */
export interface CorsRules {
  readonly enabled: boolean;
  /** an origin, an origin with one `*` as wildcard, or `*` for every origin, which excludes cookies */
  readonly allowed_origins: readonly string[];
  readonly allowed_methods: readonly string[];
  readonly allowed_headers: readonly string[];
  readonly exposed_headers: readonly string[];
  readonly allow_credentials: boolean;
  /** seconds; 0: the browser's default */
  readonly max_age: number;
}

interface CorsAnswer {
  origin: string | false;
  credentials?: boolean;
  methods?: string[];
  allowedHeaders?: string[];
  exposedHeaders?: string[];
  maxAge?: number;
}

/**
 * Answers preflights before the guard runs. The admin API on the public listener follows the admin listener's rules.
 */
export function allowOrigins(app: NestFastifyApplication, rules: { public: CorsRules; admin: CorsRules }): void {
  if (!rules.public.enabled && !rules.admin.enabled) return;
  const delegate = (request: FastifyRequest, done: (error: Error | null, answer?: CorsAnswer) => void): void =>
    done(null, answerFor(audienceOfRequest(request.raw) === 'public' ? rules.public : rules.admin, request));
  app.enableCors({ delegator: delegate });
}

const REFUSED: CorsAnswer = { origin: false };

function answerFor(rules: CorsRules, request: FastifyRequest): CorsAnswer {
  const { origin, 'access-control-request-method': asked } = request.headers;
  if (!rules.enabled || origin === undefined || (request.method === 'OPTIONS' && asked === undefined)) return REFUSED;
  const named = rules.allowed_origins.some((allowed) => allowed !== '*' && matchesOrigin(allowed, origin));
  if (!named && !rules.allowed_origins.includes('*')) return REFUSED;
  return {
    origin: named ? origin : '*',
    credentials: named && rules.allow_credentials,
    methods: [...rules.allowed_methods],
    allowedHeaders: [...rules.allowed_headers],
    exposedHeaders: [...rules.exposed_headers],
    ...(rules.max_age > 0 ? { maxAge: rules.max_age } : {}),
  };
}

/** Whether an origin equals the allowed one or matches its single `*`. */
export function matchesOrigin(allowed: string, origin: string): boolean {
  const [before = '', after] = allowed.toLowerCase().split('*');
  const given = origin.toLowerCase();
  if (after === undefined) return given === before;
  return given.length >= before.length + after.length && given.startsWith(before) && given.endsWith(after);
}
