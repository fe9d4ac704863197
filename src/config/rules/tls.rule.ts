import { isNamed, sourceKind } from '../../platform/tls/index.js';
import type { Problem } from '../config.errors.js';
import type { ListenerConfig } from '../sections/serve.config.js';
import type { Rule } from './rule.js';

/** Kratos serves plain HTTP where it finds only half of what TLS needs; here that is never what was meant. */
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
    ? { path: `${path}.${missing[0]}`, message: 'is missing: a certificate and its key need each other' }
    : { path, message: 'cert and key must come from the same place: path for both, or base64 for both' };
}

function surprises(path: string, { tls: { cert, key }, base_url }: ListenerConfig): string[] {
  const idle = sourceKind({ cert, key }) === 'base64' ? 'path' : 'base64';
  const http = base_url.startsWith('http:');
  return [
    ...(cert[idle] + key[idle] === '' ? [] : [`${path}.tls: ${idle} has no effect beside ${other(idle)}`]),
    ...(http
      ? [`${path}.base_url: http, but the listener speaks TLS: whoever follows it straight gets no answer`]
      : []),
  ];
}

const other = (kind: 'path' | 'base64'): string => (kind === 'path' ? 'base64' : 'path');
