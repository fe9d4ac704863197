import { BaseUrl, Flag, type Hidden, Section, Text, Texts, Whole } from '../keys.js';

export class CorsConfig {
  @Flag() readonly enabled: boolean = false;
  @Texts() readonly allowed_origins: string[] = ['*'];
  @Texts() readonly allowed_methods: string[] = ['POST', 'GET', 'PUT', 'PATCH', 'DELETE'];
  @Texts() readonly allowed_headers: string[] = ['Authorization', 'Content-Type', 'X-Session-Token'];
  @Texts() readonly exposed_headers: string[] = ['Content-Type'];
  @Flag() readonly allow_credentials: boolean = true;
  /** seconds for which a browser caches a preflight answer */
  @Whole(0, 86_400) readonly max_age: number = 0;
}

/** PEM: in a file, or as base64 in the configuration. */
export class CertificateSource {
  @Text() readonly path: string = '';
  @Text() readonly base64: string = '';
}

export class PrivateKeySource {
  @Text() readonly path: string = '';
  @Text({ secret: true }) readonly base64: Hidden = '';
}

/** Set both or neither; without them the listener speaks plain HTTP. */
export class TlsConfig {
  @Section(() => CertificateSource) readonly cert: CertificateSource = new CertificateSource();
  @Section(() => PrivateKeySource) readonly key: PrivateKeySource = new PrivateKeySource();
}

export class ListenerConfig {
  /** empty: all interfaces (0.0.0.0) */
  @Text() readonly host: string = '';
  @Whole(1, 65_535) readonly port: number = 4433;
  /** without a trailing slash; default: `http://127.0.0.1:<port>`, with `tls` `https://…` */
  @BaseUrl() readonly base_url: string = '';
  @Section(() => TlsConfig) readonly tls: TlsConfig = new TlsConfig();
  @Section(() => CorsConfig) readonly cors: CorsConfig = new CorsConfig();
}

export class AdminListenerConfig extends ListenerConfig {
  override readonly port: number = 4434;
}

/** `serve` in kratos.yml: the two listeners. */
export class ServeConfig {
  @Section(() => ListenerConfig) readonly public: ListenerConfig = new ListenerConfig();
  @Section(() => AdminListenerConfig) readonly admin: AdminListenerConfig = new AdminListenerConfig();
}
