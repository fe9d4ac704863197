import type { Configuration, ListenerConfig } from '../config/index.js';
import { isNamed } from '../platform/tls/index.js';

/** The lines printed at start: addresses, warnings, deviations, keys from the environment. Never a value. */
export function startLines(configuration: Configuration, ports: { public: number; admin: number }): string[] {
  const { serve, warnings, deviations, environment_keys: keys } = configuration;
  return [
    `Regain is running.`,
    `  public   ${address(serve.public, ports.public)}   ${serve.public.base_url}`,
    `  admin    ${address(serve.admin, ports.admin)}   ${serve.admin.base_url}`,
    `  API docs ${docsAddress(serve.admin.base_url)}`,
    ...warnings.map((line) => `warning: ${line}`),
    ...deviations.map((line) => `as in Kratos: ${line}`),
    ...(keys.length > 0 ? [`from the environment: ${keys.join(', ')}`] : []),
  ];
}

const address = ({ host, tls }: ListenerConfig, port: number): string =>
  `${host || '0.0.0.0'}:${port}${isNamed(tls) ? ' (TLS)' : ''}`;

/** Swagger UI is at the root of the admin listener, whatever path its base URL has. */
export const docsAddress = (adminBaseUrl: string): string => `${new URL(adminBaseUrl).origin}/docs`;
