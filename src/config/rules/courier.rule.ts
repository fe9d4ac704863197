import { leadsToLoopback } from '../../platform/ip/index.js';
import type { Problem } from '../config.errors.js';
import type { Rule } from './rule.js';

/** RFC 5322, section 2.2: printable characters except the colon. */
const HEADER_NAME = /^[!-9;-~]+$/;
const HEADER_VALUE = /^[^\p{Cc}]*$/u;

/** Seconds within which platform/outbound knows whether it can connect. */
const CONNECTED = 6;

export const courierRule: Rule = ({ courier, regain, dev }) => {
  const { smtp, http, delivery_strategy } = courier;
  const { auth, url } = http.request_config;
  const problems: Problem[] = [
    ...badHeaders('courier.smtp.headers', smtp.headers),
    ...badHeaders('courier.http.request_config.headers', http.request_config.headers),
  ];
  const warnings: string[] = [];
  if (delivery_strategy === 'http' && url === undefined)
    problems.push({ path: 'courier.http.request_config.url', message: 'is required when delivery_strategy is http' });
  if (auth.type === 'api_key' && auth.config.name === '')
    problems.push({ path: 'courier.http.request_config.auth.config.name', message: 'is missing' });
  if (auth.type === 'basic_auth' && auth.config.user === '')
    problems.push({ path: 'courier.http.request_config.auth.config.user', message: 'is missing' });
  if ((smtp.client_cert_path === '') !== (smtp.client_key_path === ''))
    problems.push({ path: 'courier.smtp', message: 'set both client_cert_path and client_key_path, or neither' });
  const { server } = smtp;
  if (delivery_strategy === 'smtp' && server !== undefined && !leadsToLoopback(server.host) && !dev) {
    if (server.tls === 'none')
      warnings.push('courier.smtp.connection_uri: disable_starttls sends links and codes in clear text');
    else if (!server.verify)
      warnings.push(
        'courier.smtp.connection_uri: skip_ssl_verify lets anybody on the network path read links and codes',
      );
  }
  if (
    delivery_strategy === 'http' &&
    url !== undefined &&
    /^http:/i.test(url) &&
    !leadsToLoopback(new URL(url).hostname)
  )
    warnings.push('courier.http.request_config.url: http sends links and codes in clear text');
  if (delivery_strategy === 'http' && regain.courier.send_timeout.seconds < CONNECTED)
    warnings.push(
      `regain.courier.send_timeout: below ${CONNECTED}s it ends before an unreachable address is detected, which uses up retries`,
    );
  return { problems, warnings };
};

function badHeaders(path: string, headers: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(headers)
    .filter(([name, value]) => !HEADER_NAME.test(name) || !HEADER_VALUE.test(value))
    .map(() => ({ path, message: 'must contain header names and values of one line each' }))
    .slice(0, 1);
}
