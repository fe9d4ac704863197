import { isNamed, sourceKind } from '../../platform/tls/index.js';
import type { Problem } from '../config.errors.js';
import type { ListenerConfig } from '../sections/serve.config.js';
import type { Rule } from './rule.js';

/** Refuses half a key pair. Kratos would fall back to plain HTTP, which nobody intends. */
export const tlsRule: Rule = ({ serve }) => {
  const problems: Problem[] = [];
  const warnings: string[] = [];
  for (const name of ['public', 'admin'] as const) {
    const listener = serve[name];
    if (!isNamed(listener.tls)) continue;
    if (sourceKind(listener.tls) === undefined) problems.push(halfGiven(`serve.${name}.tls`, listener));
    else warnings.push(...surprises(`serve.${name}`, listener));
  }
  return { problems, warnings };
};

function halfGiven(path: string, { tls: { cert, key } }: ListenerConfig): Problem {
  const missing = (['cert', 'key'] as const).filter(
    (part) => ({ cert, key })[part].path + { cert, key }[part].base64 === '',
  );
  return missing.length > 0
    ? { path: `${path}.${missing[0]}`, message: 'is missing: set both a certificate and its key' }
    : { path, message: 'set path for both cert and key, or base64 for both' };
}

function surprises(path: string, { tls: { cert, key }, base_url }: ListenerConfig): string[] {
  const idle = sourceKind({ cert, key }) === 'base64' ? 'path' : 'base64';
  const http = base_url.startsWith('http:');
  return [
    ...(cert[idle] + key[idle] === '' ? [] : [`${path}.tls: ${idle} has no effect beside ${other(idle)}`]),
    ...(http ? [`${path}.base_url: http, but the listener speaks TLS: direct requests to it fail`] : []),
  ];
}

const other = (kind: 'path' | 'base64'): string => (kind === 'path' ? 'base64' : 'path');
