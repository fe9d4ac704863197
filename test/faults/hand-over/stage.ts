import { randomBytes } from 'node:crypto';
import { Cluster, type Node } from '../../support/cluster.js';
import { acmeAt, socialConfig } from '../../support/social-people.js';
import { ActedProvider } from '../../support/social-provider.js';
import { FaultyNetwork } from '../network/faulty-network.js';

/** Everyone's first password, which the attacker knows. */
export const OLD = 'correct horse battery staple';

export interface Person {
  readonly id: string;
  readonly email: string;
  /** of the connected account; only the attacker knows whose it is */
  readonly sub: string;
}

export interface StageOptions {
  /** `regain.recovery`, merged over the defaults */
  recovery?: object;
  /** how long a session may change credentials */
  window?: string;
}

/** Two server processes on one database, the second behind a network that can hold back statements, and a provider. */
export class Stage {
  private constructor(
    readonly cluster: Cluster,
    readonly nodes: readonly [Node, Node],
    readonly provider: ActedProvider,
    /** between the second process and the database */
    readonly network: FaultyNetwork,
  ) {}

  static async set({ recovery = {}, window = '1h' }: StageOptions = {}): Promise<Stage> {
    const provider = await ActedProvider.start();
    const social = socialConfig(acmeAt(provider)) as { selfservice: { methods: object } };
    const config = {
      ...social,
      hashers: { algorithm: 'bcrypt', bcrypt: { cost: 4 } },
      selfservice: {
        methods: { ...social.selfservice.methods, code: { enabled: true } },
        flows: { recovery: { enabled: true, use: 'code' }, settings: { privileged_session_max_age: window } },
      },
      courier: { smtp: { connection_uri: 'smtp://127.0.0.1:9/' } },
      // a busy machine is slow, and no one may be refused for that
      regain: { courier: { show_unsent_secrets: true }, database: { request_timeout: '30s' }, recovery },
    };
    const cluster = await Cluster.make({ parity: false, config });
    const network = await FaultyNetwork.before(cluster.databaseUrl);
    try {
      const nodes = await Promise.all([cluster.start(), cluster.start(network.url)]);
      return new Stage(cluster, nodes, provider, network);
    } catch (error) {
      await new Stage(cluster, [] as never, provider, network).clear();
      throw error;
    }
  }

  /** One of the two at random. */
  get node(): Node {
    return this.nodes[Math.random() < 0.5 ? 0 : 1];
  }

  /** Creates identities with a password and a connected account. */
  async people(count: number): Promise<Person[]> {
    const given = Array.from({ length: count }, () => {
      const name = randomBytes(6).toString('hex');
      return { email: `person.${name}@example.com`, sub: `sub-${name}` };
    });
    const identities = given.map(({ email, sub }) => ({
      create: {
        schema_id: 'person',
        traits: { email },
        credentials: {
          password: { config: { password: OLD } },
          oidc: { config: { providers: [{ provider: 'acme', subject: sub }] } },
        },
      },
    }));
    const made = (await this.node.admin('PATCH', '/admin/identities', 200, { identities })) as {
      identities: { identity: string }[];
    };
    return given.map((person, at) => ({ ...person, id: made.identities[at]!.identity }));
  }

  sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.cluster.sql<Row>(text, values);
  }

  async clear(): Promise<void> {
    await this.cluster.stop();
    await this.network.close();
    await this.provider.stop();
  }
}

/** Runs `round` for each person, `atOnce` at a time. After a failure no further round starts; the failure is thrown once all have ended. */
export async function rounds<T>(
  people: readonly Person[],
  atOnce: number,
  round: (person: Person, at: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < people.length; at = next++) {
      try {
        results[at] = await round(people[at]!, at);
      } catch (error) {
        next = people.length;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return results;
}
