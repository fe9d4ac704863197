import { domainToASCII } from 'node:url';

/** The mail server and how to connect to it. */
export interface SmtpServer {
  /** an IP address, or a name in A-labels */
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte. `required`: STARTTLS, or nothing is sent. `none`: clear text, only with
   * `disable_starttls=true`.
   */
  readonly tls: 'implicit' | 'required' | 'none';
  readonly verify: boolean;
  /** expected name in the certificate */
  readonly serverName: string;
  readonly user: string;
  readonly password: string;
}

/** Registered ports: submission over TLS, submission, and clear-text relay. */
const PORTS: Record<SmtpServer['tls'], number> = { implicit: 465, required: 587, none: 25 };

/**
 * `courier.smtp.connection_uri` as Kratos reads it: `smtp(s)://user:password@host:port/` with `disable_starttls`,
 * `skip_ssl_verify`, `server_name`, and the `legacy_ssl` of old files. User and password may be percent-encoded. Kratos
 * requires a port; Regain defaults to the usual one. Undefined if the text isn't such a URI.
 */
export function readSmtpUri(text: string): SmtpServer | undefined {
  const [, scheme] = /^(smtps?):\/\//i.exec(text) ?? [];
  const url = scheme === undefined ? null : URL.parse(text);
  const user = decoded(url?.username ?? '');
  const password = decoded(url?.password ?? '');
  const host = hostOf(url?.hostname ?? '');
  if (!url || host === undefined || user === undefined || password === undefined || url.port === '0') return undefined;
  const asks = (name: string) => isTrue(url.searchParams.get(name));
  const implicit = url.protocol === 'smtps:' || asks('legacy_ssl');
  const tls = implicit ? 'implicit' : asks('disable_starttls') ? 'none' : 'required';
  return {
    host,
    port: url.port === '' ? PORTS[tls] : Number(url.port),
    tls,
    verify: !asks('skip_ssl_verify'),
    serverName: hostOf(url.searchParams.get('server_name') ?? '') ?? host,
    user,
    password,
  };
}

/** The URL parser leaves hosts of non-standard schemes percent-encoded, which no resolver finds. */
function hostOf(text: string): string | undefined {
  const [, address] = /^\[(.+)\]$/.exec(text) ?? [];
  if (address !== undefined) return address;
  const name = decoded(text) ?? '';
  return (name.includes(':') ? name : domainToASCII(name)) || undefined;
}

/** The values that Go's ParseBool accepts as true. */
const isTrue = (value: string | null): boolean => /^(1|t|T|true|TRUE|True)$/.test(value ?? '');

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
