import { describe, expect, test } from 'vitest';
import { complaintsOf, type Given, LEAST, load } from '../../../test/support/configuration-files.js';

const SECRET = 'a-secret-that-nobody-printed';
const LOOPBACK = 'serve: { public: { host: 127.0.0.1 }, admin: { host: "::1" } }';
const provider = (text: string): string =>
  `selfservice: { methods: { oidc: { enabled: true, config: { providers: [${text}] } } } }`;

type Case = readonly [name: string, given: Given, complaints: readonly string[]];

const BROKEN: readonly Case[] = [
  ['no dsn', { least: LEAST.replace('dsn: memory', '') }, ['dsn: is missing: use postgres://…, embedded or memory']],
  [
    'an unsupported database',
    { yaml: ['dsn: oracle://x/y'] },
    ['dsn: must start with postgres://, or be embedded or memory'],
  ],
  ...(
    [
      ['mysql://u:p@tcp(db:3306)/k', 'MySQL; Regain needs PostgreSQL (15 or newer): use postgres://… or embedded'],
      [
        'cockroach://root@db:26257/k',
        'CockroachDB; Regain needs PostgreSQL (15 or newer): use postgres://… or embedded',
      ],
      [
        'sqlite3:///var/k.sqlite',
        'SQLite: use embedded (stored in regain.embedded.data_dir) or memory (discarded at exit)',
      ],
    ] as const
  ).map(([dsn, rule]): Case => [
    `a database that only Kratos supports (${dsn})`,
    { yaml: [`dsn: ${dsn}`] },
    [`dsn: is ${rule}`],
  ]),
  ['half a postgres dsn', { yaml: ['dsn: "postgres://host:port:what"'] }, ['dsn: must be a complete postgres:// URL']],
  [
    'postgres without secrets',
    { yaml: ['dsn: postgres://db/regain'] },
    ['secrets.default: is missing: required unless the database is embedded'],
  ],
  [
    'a short secret',
    { yaml: ['secrets: { cookie: [fifteen-letters] }'] },
    [
      'secrets.cipher[0]: must be at least 16 characters long',
      'secrets.cookie[0]: must be at least 16 characters long',
      'secrets.default[0]: must be at least 16 characters long',
    ],
  ],
  [
    'a documented secret',
    {
      yaml: [
        `secrets: { default: [${SECRET}], cookie: [PLEASE-CHANGE-ME-I-AM-VERY-INSECURE], cipher: [32-LONG-SECRET-NOT-SECURE-AT-ALL] }`,
      ],
    },
    [
      'secrets.cipher[0]: is an example from the documentation: create your own secret, or use --dev',
      'secrets.cookie[0]: is an example from the documentation: create your own secret, or use --dev',
    ],
  ],
  [
    'a documented secret truncated to 32 characters',
    { yaml: [`secrets: { default: [${SECRET}], cipher: [PLEASE-CHANGE-ME-I-AM-VERY-INSEC] }`] },
    ['secrets.cipher[0]: is an example from the documentation: create your own secret, or use --dev'],
  ],
  [
    'two listeners on one port',
    { yaml: ['serve: { public: { host: 127.0.0.1, port: 4434 } }'] },
    ['serve.admin.port: must differ from serve.public.port'],
  ],
  [
    'a certificate without its key, on both listeners',
    { yaml: ['serve: { public: { tls: { cert: { path: a.crt } } }, admin: { tls: { key: { base64: a2V5 } } } }'] },
    [
      'serve.admin.tls.cert: is missing: set both a certificate and its key',
      'serve.public.tls.key: is missing: set both a certificate and its key',
    ],
  ],
  [
    'a certificate in a file, its key in the configuration',
    { yaml: ['serve: { admin: { tls: { cert: { path: a.crt }, key: { base64: a2V5 } } } }'] },
    ['serve.admin.tls: set path for both cert and key, or base64 for both'],
  ],
  [
    'an unknown TLS key',
    { yaml: ['serve: { public: { tls: { enabled: true, cert: { url: x } } } }'] },
    ['serve.public.tls.cert.url: is an unknown key', 'serve.public.tls.enabled: is an unknown key'],
  ],
  [
    'an open admin API on every interface',
    { yaml: ['regain: { admin: { authentication: none } }\nserve: { public: { host: 127.0.0.1 } }'] },
    [
      'regain.admin.authentication: may be none only while both listeners are loopback and regain.serve.single_host is false',
    ],
  ],
  [
    'an open admin API on the public listener',
    { yaml: [`regain: { admin: { authentication: none }, serve: { single_host: true } }\n${LOOPBACK}`] },
    [
      'regain.admin.authentication: may be none only while both listeners are loopback and regain.serve.single_host is false',
    ],
  ],
  [
    'http base URLs',
    {
      yaml: [
        'serve: { public: { base_url: http://id.example }, admin: { base_url: http://10.0.0.1 } }',
        'selfservice: { methods: { link: { config: { base_url: http://127.0.0.1.example } }, oidc: { config: { base_redirect_uri: http://x.example } } } }',
      ],
    },
    [
      'selfservice.methods.link.config.base_url: must be https unless its host is loopback or dev is on',
      'selfservice.methods.oidc.config.base_redirect_uri: must be https unless its host is loopback or dev is on',
      'serve.admin.base_url: must be https unless its host is loopback or dev is on',
      'serve.public.base_url: must be https unless its host is loopback or dev is on',
    ],
  ],
  [
    'no pages at all',
    { yaml: ['regain: { ui: { enabled: false } }'] },
    [
      'regain.recovery.redeem_on: confirm requires regain.ui.enabled: the confirm page is built in',
      'selfservice.default_browser_return_url: is missing: set it, or set regain.ui.enabled to true',
      ...['error', 'login', 'recovery', 'settings'].map(
        (flow) => `selfservice.flows.${flow}.ui_url: is missing: set it, or set regain.ui.enabled to true`,
      ),
    ],
  ],
  ['no schema', { least: 'dsn: memory' }, ['identity.schemas: must list at least one schema']],
  [
    'inconsistent schemas',
    {
      yaml: [
        'identity: { default_schema_id: other, schemas: [{ id: a, url: base64://e30K }, { id: a }, { url: base64://e30K }] }',
      ],
    },
    [
      'identity.default_schema_id: must be the id of one of identity.schemas',
      'identity.schemas[1].id: must be unique',
      'identity.schemas[1].url: is missing',
      'identity.schemas[2].id: is missing',
    ],
  ],
  [
    'an incomplete provider',
    { yaml: [provider('{ id: a, provider: generic }, { id: a, provider: github, client_id: c, client_secret: s }')] },
    [
      'selfservice.methods.oidc.config.providers[0].client_id: is missing',
      'selfservice.methods.oidc.config.providers[0].issuer_url: is missing',
      'selfservice.methods.oidc.config.providers[1].id: must be unique',
    ],
  ],
  [
    'providers with further required keys',
    {
      yaml: [
        provider(
          '{ id: a, provider: apple, client_id: c }, { id: b, provider: microsoft, client_id: c, client_secret: s }',
        ),
      ],
    },
    [
      'selfservice.methods.oidc.config.providers[0].apple_private_key: is missing',
      'selfservice.methods.oidc.config.providers[0].apple_private_key_id: is missing',
      'selfservice.methods.oidc.config.providers[0].apple_team_id: is missing',
      'selfservice.methods.oidc.config.providers[1].microsoft_tenant: is missing',
    ],
  ],
  [
    'a cookie that browsers reject',
    { yaml: ['cookies: { same_site: None, secure: false }'] },
    [
      'cookies.same_site: None requires cookies.secure: browsers reject the cookies otherwise',
      'session.cookie.same_site: None requires cookies.secure: browsers reject the cookies otherwise',
    ],
  ],
  [
    'an invalid schedule',
    { yaml: ['regain: { purge: { schedule: "61 * * * *" } }'] },
    ['regain.purge.schedule: must be a cron expression of five fields, or six with leading seconds'],
  ],
];

const SOUND: readonly (readonly [string, Given])[] = [
  ['postgres with a secret', { yaml: [`dsn: postgresql://u:p@db/regain\nsecrets: { cookie: [${SECRET}] }`] }],
  [
    'a documented secret in development',
    { yaml: ['secrets: { cookie: [PLEASE-CHANGE-ME-I-AM-VERY-INSECURE] }'], dev: true },
  ],
  [
    'one port on two hosts',
    { yaml: ['serve: { public: { host: 127.0.0.1 }, admin: { host: 127.0.0.2, port: 4433 } }'] },
  ],
  ['an open admin API on loopback', { yaml: [`regain: { admin: { authentication: none } }\n${LOOPBACK}`] }],
  [
    'http base URLs on loopback',
    { yaml: ['serve: { public: { base_url: "http://localhost:1" }, admin: { base_url: "http://[::1]:2" } }'] },
  ],
  ['http base URLs in development', { yaml: ['serve: { public: { base_url: http://id.example } }'], dev: true }],
  [
    'an admin base URL that only an inner network resolves',
    { yaml: ['serve: { admin: { base_url: "http://kratos.auth.svc.cluster.local:4434" } }'] },
  ],
  ['https base URLs', { yaml: ['serve: { public: { base_url: https://id.example } }'] }],
];

describe('rules across keys', () => {
  test.each(BROKEN)('%s stops the start', async (_, given, complaints) => {
    expect(await complaintsOf(given)).toEqual([...complaints].sort());
  });

  test.each(SOUND)('%s is fine', async (_, given) => {
    expect(await complaintsOf(given)).toEqual([]);
  });

  test('warns about questionable settings', async () => {
    const yaml = [
      'regain: { serve: { single_host: true } }\nhashers: { algorithm: bcrypt, bcrypt: { cost: 8 } }',
      'selfservice: { methods: { code: { enabled: false } }, flows: { recovery: { use: code } } }',
    ];
    expect((await load({ yaml })).warnings.map((line) => line.split(':')[0])).toEqual([
      'regain.serve.single_host',
      'selfservice.flows.recovery.use',
      'hashers.bcrypt.cost',
    ]);
  });

  test('warns about a provider without a secret, and accepts an incomplete provider that is off', async () => {
    const provider = (enabled: boolean, more: string): string =>
      `selfservice: { methods: { oidc: { enabled: ${enabled}, config: { providers: [{ id: a, provider: generic, ${more} }] } } } }`;
    const client = 'client_id: c, issuer_url: https://idp.example';
    expect((await load({ yaml: [provider(true, client)] })).warnings).toEqual([
      'selfservice.methods.oidc.config.providers[0].client_secret: is missing, so the provider must treat Regain as a public client',
    ]);
    expect((await load({ yaml: [provider(false, 'label: A')] })).warnings).toEqual([]);
  });

  test('raises the memory of argon2 to what its lanes need, with a warning', async () => {
    const yaml = ['hashers: { argon2: { memory: 1KB, parallelism: 4 } }'];
    const { hashers, warnings } = await load({ yaml });
    expect(hashers.argon2.memory).toBe(32);
    expect(warnings).toEqual(['hashers.argon2.memory: argon2 needs 8KB per lane of parallelism; using 32KB']);
  });

  test('does not suggest the opposite of a key', async () => {
    const config = 'max_password_length: 10, min_password_lenght: 8';
    expect(await complaintsOf({ yaml: [`selfservice: { methods: { password: { config: { ${config} } } } }`] })).toEqual(
      [
        'selfservice.methods.password.config.max_password_length: is an unknown key',
        'selfservice.methods.password.config.min_password_lenght: is an unknown key; did you mean min_password_length?',
      ],
    );
  });

  describe('a listener with TLS', () => {
    const [BOTH, PATHS] = [
      'cert: { path: a.crt, base64: Yw== }, key: { path: a.key, base64: aw== }',
      'cert: { path: a.crt }, key: { path: /a.key }',
    ];
    const served = (listener: string) => load({ yaml: [`serve: { public: { ${listener} } }`] });

    test('has an https address by default; paths are relative to the working directory', async () => {
      const { serve, warnings } = await served(`port: 8443, tls: { ${PATHS} }`);
      expect([serve.public.base_url, serve.admin.base_url]).toEqual([
        'https://127.0.0.1:8443',
        'http://127.0.0.1:4434',
      ]);
      expect(serve.public.tls.cert.path).toMatch(/^\/.+\/a\.crt$/);
      expect(serve.public.tls.key.path).toBe('/a.key');
      expect(warnings).toEqual([]);
      expect((await served(`base_url: https://id.example/, tls: { ${PATHS} }`)).serve.public.base_url).toBe(
        'https://id.example',
      );
    });

    test('causes a warning with an http address', async () => {
      expect((await served(`base_url: "http://127.0.0.1:4433", tls: { ${PATHS} }`)).warnings).toEqual([
        'serve.public.base_url: http, but the listener speaks TLS: direct requests to it fail',
      ]);
    });

    test('speaks plain HTTP if a later file unsets the keys', async () => {
      const yaml = [`serve: { public: { tls: { ${PATHS} } } }`, 'serve: { public: { tls: } }'];
      const { serve } = await load({ yaml });
      expect([serve.public.base_url, serve.public.tls.cert.path]).toEqual(['http://127.0.0.1:4433', '']);
    });

    test('prefers base64 over path, with a warning', async () => {
      expect((await served(`tls: { ${BOTH} }`)).warnings).toEqual([
        'serve.public.tls: path has no effect beside base64',
      ]);
    });
  });

  test('warns about an http admin base URL inside a network, and refuses a public one', async () => {
    const [warning, ...more] = (await load({ yaml: ['serve: { admin: { base_url: http://kratos:4434/ } }'] })).warnings;
    expect([warning, more]).toEqual([
      'serve.admin.base_url: http sends access tokens in clear text: use it only inside your own network',
      [],
    ]);
    expect(await complaintsOf({ yaml: ['serve: { public: { base_url: http://kratos:4433/ } }'] })).toEqual([
      'serve.public.base_url: must be https unless its host is loopback or dev is on',
    ]);
  });

  test('warns about each return URL that can never match', async () => {
    const urls = [
      'exp://x/Callback',
      'https://a.example/*',
      'https://a*.example',
      'https://*.example',
      'https://*.b.example',
    ];
    const { warnings } = await load({ yaml: [`selfservice: { allowed_return_urls: ${JSON.stringify(urls)} }`] });
    expect(warnings).toEqual([
      'selfservice.allowed_return_urls[0] has no effect: browsers are only redirected to http(s) URLs',
      'selfservice.allowed_return_urls[1] has no effect: paths are not patterns; everything below an allowed path is allowed',
      'selfservice.allowed_return_urls[2] has no effect: a star may only stand for all subdomains, at the beginning',
      'selfservice.allowed_return_urls[3] has no effect: a star may not stand for a whole top-level domain',
    ]);
  });
});
