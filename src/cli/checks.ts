import { type ConfigurationCheck, readKeyPairs } from '../config/index.js';
import { readClientCertificate, Templates } from '../courier/index.js';
import { SchemaRegistry } from '../identity/index.js';

/** Identity schemas and mail templates. Every command that reads a configuration checks them. */
export const CONTENT: readonly ConfigurationCheck[] = [
  {
    reads: [],
    run: async (configuration) => {
      const passwords = configuration.selfservice.methods.password.enabled;
      return new SchemaRegistry(configuration).warnings({ passwords });
    },
  },
  {
    reads: ['courier.template_override_path', 'regain.ui'],
    run: async ({ courier }) => Templates.check(courier),
  },
];

/** Files that only a server reads. Other commands may run where these are inaccessible. */
export const CERTIFICATES: readonly ConfigurationCheck[] = [
  {
    reads: ['serve.public.tls', 'serve.admin.tls'],
    run: async ({ serve }) => {
      await readKeyPairs(serve);
      return [];
    },
  },
  {
    reads: ['courier.smtp', 'courier.delivery_strategy'],
    run: async ({ courier }) => {
      await readClientCertificate(courier);
      return [];
    },
  },
];
