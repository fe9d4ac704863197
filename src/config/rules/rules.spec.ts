import { describe, expect, test } from 'vitest';
import { complaintsOf, type Given, LEAST, load } from '../../../test/support/configuration-files.js';

const SECRET = 'a-secret-that-nobody-printed';
const LOOPBACK = 'serve: { public: { host: 127.0.0.1 }, admin: { host: "::1" } }';
const provider = (text: string): string =>
  `selfservice: { methods: { oidc: { enabled: true, config: { providers: [${text}] } } } }`;

type Case = readonly [name: string, given: Given, complaints: readonly string[]];

const BROKEN: readonly Case[] = [
  ['no dsn', { least: LEAST.replace('dsn: memory', '') }, ['dsn: is missing: say postgres://…, embedded or memory']],
  ['another database', { yaml: ['dsn: oracle://x/y'] }, ['dsn: must begin with postgres://, or be embedded or memory']],
  ...(
    [
      [
        'mysql://u:p@tcp(db:3306)/k',
        'MySQL, and Regain keeps its data in PostgreSQL (15 or newer): say postgres://…, or embedded',
      ],
      [
        'cockroach://root@db:26257/k',
        'CockroachDB, and Regain keeps its data in PostgreSQL (15 or newer): say postgres://…, or embedded',
      ],
      ['sqlite3:///var/k.sqlite', 'SQLite: say embedded (kept in regain.embedded.data_dir) or memory (gone at exit)'],
    ] as const
  ).map(([dsn, rule]): Case => [`a database of Kratos' (${dsn})`, { yaml: [`dsn: ${dsn}`] }, [`dsn: is ${rule}`]]),
  ['half a postgres dsn', { yaml: ['dsn: "postgres://host:port:what"'] }, ['dsn: must be a whole postgres:// address']],
  [
    'postgres without secrets',
    { yaml: ['dsn: postgres://db/regain'] },
    ['secrets.default: is missing: a database that is not embedded needs one'],
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
      'secrets.cipher[0]: is an example from the documentation: make a secret of your own, or say --dev',
      'secrets.cookie[0]: is an example from the documentation: make a secret of your own, or say --dev',
    ],
  ],
  [
    'a documented secret that was cut to 32 characters',
    { yaml: [`secrets: { default: [${SECRET}], cipher: [PLEASE-CHANGE-ME-I-AM-VERY-INSEC] }`] },
    ['secrets.cipher[0]: is an example from the documentation: make a secret of your own, or say --dev'],
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
      'serve.admin.tls.cert: is missing: a certificate and its key need each other',
      'serve.public.tls.key: is missing: a certificate and its key need each other',
    ],
  ],
  [
    'a certificate in a file, its key in the configuration',
    { yaml: ['serve: { admin: { tls: { cert: { path: a.crt }, key: { base64: a2V5 } } } }'] },
    ['serve.admin.tls: cert and key must come from the same place: path for both, or base64 for both'],
  ],
  [
    'a key of TLS that Kratos does not have',
    { yaml: ['serve: { public: { tls: { enabled: true, cert: { url: x } } } }'] },
    [
      'serve.public.tls.cert.url: is not a key that Regain or Kratos knows',
      'serve.public.tls.enabled: is not a key that Regain or Kratos knows',
    ],
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
    'base URLs in the clear',
    {
      yaml: [
        'serve: { public: { base_url: http://id.example }, admin: { base_url: http://10.0.0.1 } }',
        'selfservice: { methods: { link: { config: { base_url: http://127.0.0.1.example } }, oidc: { config: { base_redirect_uri: http://x.example } } } }',
      ],
    },
    [
      'selfservice.methods.link.config.base_url: must be https unless its host is loopback (dev allows it)',
      'selfservice.methods.oidc.config.base_redirect_uri: must be https unless its host is loopback (dev allows it)',
      'serve.admin.base_url: must be https unless its host is loopback (dev allows it)',
      'serve.public.base_url: must be https unless its host is loopback (dev allows it)',
    ],
  ],
  [
    'no pages at all',
    { yaml: ['regain: { ui: { enabled: false } }'] },
    [
      'regain.recovery.redeem_on: confirm needs regain.ui.enabled: the page that asks is our own',
      'selfservice.default_browser_return_url: is missing, and regain.ui.enabled is false: one of the two must change',
      ...['error', 'login', 'recovery', 'settings'].map(
        (flow) =>
          `selfservice.flows.${flow}.ui_url: is missing, and regain.ui.enabled is false: one of the two must change`,
      ),
    ],
  ],
  ['no schema', { least: 'dsn: memory' }, ['identity.schemas: must name at least one schema']],
  [
    'schemas that do not add up',
    {
      yaml: [
        'identity: { default_schema_id: other, schemas: [{ id: a, url: base64://e30K }, { id: a }, { url: base64://e30K }] }',
      ],
    },
    [
      'identity.default_schema_id: must be the id of one of identity.schemas',
      'identity.schemas[1].id: must differ from the ids before it',
      'identity.schemas[1].url: is missing',
      'identity.schemas[2].id: is missing',
    ],
  ],
  [
    'half a provider',
    { yaml: [provider('{ id: a, provider: generic }, { id: a, provider: github, client_id: c, client_secret: s }')] },
    [
      'selfservice.methods.oidc.config.providers[0].client_id: is missing',
      'selfservice.methods.oidc.config.providers[0].issuer_url: is missing',
      'selfservice.methods.oidc.config.providers[1].id: must differ from the ids before it',
    ],
  ],
  [
    'providers that need more',
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
    'a cookie that browsers refuse',
    { yaml: ['cookies: { same_site: None, secure: false }'] },
    [
      'cookies.same_site: None needs cookies.secure: browsers refuse it otherwise',
      'session.cookie.same_site: None needs cookies.secure: browsers refuse it otherwise',
    ],
  ],
  [
    'a schedule that is none',
    { yaml: ['regain: { purge: { schedule: "61 * * * *" } }'] },
    ['regain.purge.schedule: must be a cron expression of five fields, or six with seconds in front'],
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
    'base URLs in the clear on this machine',
    { yaml: ['serve: { public: { base_url: "http://localhost:1" }, admin: { base_url: "http://[::1]:2" } }'] },
  ],
  [
    'base URLs in the clear in development',
    { yaml: ['serve: { public: { base_url: http://id.example } }'], dev: true },
  ],
  [
    'an admin base URL that only an inner network knows',
    { yaml: ['serve: { admin: { base_url: "http://kratos.auth.svc.cluster.local:4434" } }'] },
  ],
  ['base URLs under TLS', { yaml: ['serve: { public: { base_url: https://id.example } }'] }],
];

describe('rules across keys', () => {
  test.each(BROKEN)('%s stops the start', async (_, given, complaints) => {
    expect(await complaintsOf(given)).toEqual([...complaints].sort());
  });

  test.each(SOUND)('%s is fine', async (_, given) => {
    expect(await complaintsOf(given)).toEqual([]);
  });

  test('what is worth a second look is a warning', async () => {
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

  test('a provider without a secret is a public client, one that is off may be half a provider', async () => {
    const provider = (enabled: boolean, more: string): string =>
      `selfservice: { methods: { oidc: { enabled: ${enabled}, config: { providers: [{ id: a, provider: generic, ${more} }] } } } }`;
    const client = 'client_id: c, issuer_url: https://idp.example';
    expect((await load({ yaml: [provider(true, client)] })).warnings).toEqual([
      'selfservice.methods.oidc.config.providers[0].client_secret: is missing, so the provider must know this as a public client',
    ]);
    expect((await load({ yaml: [provider(false, 'label: A')] })).warnings).toEqual([]);
  });

  test('argon2 gets the memory that its lanes need, as in Kratos, and the start says so', async () => {
    const yaml = ['hashers: { argon2: { memory: 1KB, parallelism: 4 } }'];
    const { hashers, warnings } = await load({ yaml });
    expect(hashers.argon2.memory).toBe(32);
    expect(warnings).toEqual([
      'hashers.argon2.memory: argon2 needs 8KB for each lane of its parallelism; it is given 32KB',
    ]);
  });

  test('a key that has an opposite is not taken for a slip of it', async () => {
    const config = 'max_password_length: 10, min_password_lenght: 8';
    expect(await complaintsOf({ yaml: [`selfservice: { methods: { password: { config: { ${config} } } } }`] })).toEqual(
      [
        'selfservice.methods.password.config.max_password_length: is not a key that Regain or Kratos knows',
        'selfservice.methods.password.config.min_password_lenght: is not a key that Regain or Kratos knows; did you mean min_password_length?',
      ],
    );
  });

  describe('a listener with TLS', () => {
    const [BOTH, PATHS] = [
      'cert: { path: a.crt, base64: Yw== }, key: { path: a.key, base64: aw== }',
      'cert: { path: a.crt }, key: { path: /a.key }',
    ];
    const served = (listener: string) => load({ yaml: [`serve: { public: { ${listener} } }`] });

    test('has an https address unless another one is given; paths begin where it is started', async () => {
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

    test('and an http address is worth a second look', async () => {
      expect((await served(`base_url: "http://127.0.0.1:4433", tls: { ${PATHS} }`)).warnings).toEqual([
        'serve.public.base_url: http, but the listener speaks TLS: whoever follows it straight gets no answer',
      ]);
    });

    test('speaks plain HTTP again where a later file takes the keys away', async () => {
      const yaml = [`serve: { public: { tls: { ${PATHS} } } }`, 'serve: { public: { tls: } }'];
      const { serve } = await load({ yaml });
      expect([serve.public.base_url, serve.public.tls.cert.path]).toEqual(['http://127.0.0.1:4433', '']);
    });

    test('takes base64 where both have both, and says so', async () => {
      expect((await served(`tls: { ${BOTH} }`)).warnings).toEqual([
        'serve.public.tls: path has no effect beside base64',
      ]);
    });
  });

  test('an admin base URL in the clear inside a network is a warning, a public one is not', async () => {
    const [warning, ...more] = (await load({ yaml: ['serve: { admin: { base_url: http://kratos:4434/ } }'] })).warnings;
    expect([warning, more]).toEqual([
      'serve.admin.base_url: http, so access tokens travel in the clear: only inside a network of your own',
      [],
    ]);
    expect(await complaintsOf({ yaml: ['serve: { public: { base_url: http://kratos:4433/ } }'] })).toEqual([
      'serve.public.base_url: must be https unless its host is loopback (dev allows it)',
    ]);
  });

  test('return URLs that nothing can match are warnings, one each', async () => {
    const urls = [
      'exp://x/Callback',
      'https://a.example/*',
      'https://a*.example',
      'https://*.example',
      'https://*.b.example',
    ];
    const { warnings } = await load({ yaml: [`selfservice: { allowed_return_urls: ${JSON.stringify(urls)} }`] });
    expect(warnings).toEqual([
      'selfservice.allowed_return_urls[0] has no effect: browsers are only sent to http(s) addresses',
      'selfservice.allowed_return_urls[1] has no effect: a path is no pattern; everything below an allowed path is allowed',
      'selfservice.allowed_return_urls[2] has no effect: a star may only stand for all subdomains, in front',
      'selfservice.allowed_return_urls[3] has no effect: a star must not stand for a whole top-level domain',
    ]);
  });
});
