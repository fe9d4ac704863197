import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { type LoadedExtension, schemaOf } from '../platform/extension/index.js';
import { AuditModule } from '../audit/index.js';
import { IdentityModule } from '../identity/index.js';
import { VETOES } from '../platform/vetoes/index.js';
import { databaseToken, GuestDatabase } from './guest-database.js';
import { type GuestOrm, type GuestOrmOptions, openGuestOrm } from './guest-orm.js';
import { EXTENSIONS, VetoRegistry } from './veto-registry.js';

const ORMS = Symbol('ORMS');

interface ExtensionsOptions {
  readonly extensions: readonly LoadedExtension[];
  readonly database: GuestOrmOptions;
}

/** The extensions' modules, and what they may inject: their sections and databases. */
@Global()
@Module({})
export class ExtensionsModule implements OnApplicationShutdown {
  constructor(@Inject(ORMS) private readonly orms: ReadonlyMap<string, GuestOrm>) {}

  static forRoot({ extensions, database }: ExtensionsOptions): DynamicModule {
    const own = [...extensions.flatMap(sectionOf), ...extensions.map(databaseOf)];
    return {
      module: ExtensionsModule,
      imports: [
        AuditModule,
        IdentityModule,
        ...extensions.flatMap(({ definition }) => [...(definition.modules ?? [])]),
      ],
      providers: [
        {
          provide: ORMS,
          useFactory: () =>
            new Map(extensions.map(({ definition }) => [definition.name, openGuestOrm(definition, database)])),
        },
        { provide: EXTENSIONS, useValue: extensions },
        VetoRegistry,
        { provide: VETOES, useExisting: VetoRegistry },
        ...own,
      ],
      exports: [VETOES, ...own.map((provider) => (provider as { provide: symbol }).provide)],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    for (const orm of this.orms.values()) await orm.close();
  }
}

const sectionOf = ({ definition, config }: LoadedExtension): Provider[] =>
  definition.config === undefined ? [] : [{ provide: definition.config, useValue: config }];

const databaseOf = ({ definition }: LoadedExtension): Provider => ({
  provide: databaseToken(definition.name),
  inject: [ORMS],
  useFactory: (orms: ReadonlyMap<string, GuestOrm>) =>
    new GuestDatabase(schemaOf(definition), orms.get(definition.name)!.database),
});
