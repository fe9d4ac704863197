import { Command, CommanderError, Option } from 'commander';
import { AuditService } from '../audit/index.js';
import { ConfigurationError } from '../config/index.js';
import { LOCALES } from '../courier/index.js';
import { VERSION } from '../health/index.js';
import { IdentityService } from '../identity/index.js';
import { EmbeddedDatabaseError } from '../platform/embedded-postgres/index.js';
import { DomainError } from '../platform/errors/index.js';
import { PurgeService } from '../purge/index.js';
import { type GrantState, RecoveryService } from '../recovery/index.js';
import { accessTokenCommands } from './program.access-tokens.js';
import { courierCommands } from './program.courier.js';
import { importCommands } from './program.import.js';
import { runAudit } from './audit.js';
import { runConfigCheck } from './config-check.js';
import { runIdentitiesImport } from './identities-import.js';
import { terminal } from './io.js';
import { runMigrate } from './migrate.js';
import { runOpenApi } from './openapi.js';
import { runPurge } from './purge.js';
import { configured, format, type Format, notEmpty } from './program.options.js';
import { quickstart } from './quickstart.js';
import { recoveryCode, recoveryGrants, recoveryLink, recoveryRevoke } from './recovery.js';
import { serve } from './serve.js';
import type { CommonOptions } from './prepare.js';
import { withServices } from './with-services.js';
import { WrongUsage } from './wrong-usage.js';

/** Runs a command line; resolves to the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const done = (exit: number): void => void (code = exit);
  try {
    await buildProgram(done).parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err(explain(error));
    return error instanceof WrongUsage ? 2 : 1;
  }
}

function buildProgram(done: (code: number) => void): Command {
  const program = new Command('regain')
    .description('Gives people their accounts back: recovery links, with the HTTP interface of Ory Kratos.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)');

  configured(program, 'serve', 'Serve until stopped')
    .option('--watch-courier', 'accepted for the sake of scripts: a server always delivers its messages')
    .action(async (options: CommonOptions) => done(await serve(options, terminal)));
  configured(
    program,
    'quickstart',
    'Serve; on an empty database, make an access token, an example identity and a ready link',
  ).action(async (options: CommonOptions) => done(await quickstart(options, terminal)));
  configured(program, 'migrate', 'Bring the database up to date')
    .option('--check', 'only say whether something is pending (exit code 1)')
    .addOption(format())
    .action(async (options: CommonOptions & { check?: boolean; format: Format }) =>
      done(await runMigrate(options, terminal)),
    );
  accessTokenCommands(program, done);
  recoveryCommands(program, done);
  courierCommands(program, done);
  importCommands(program, done);
  configured(program, 'audit', 'Print audit events, newest first')
    .option('--action <action>', 'only this action, e.g. recovery.link.created')
    .option('--target <id>', 'only what was done to this identity or token')
    .option('--actor <id>', 'only what this token, session or operator did')
    .option('--since <time>', 'from then on, e.g. 2030-01-31T12:00:00Z')
    .option('--until <time>', 'before then')
    .option('--limit <n>', 'at most so many, up to 1000', '100')
    .option('--page-token <token>', 'go on where the last page ended')
    .addOption(format())
    .action(async (options: CommonOptions & Parameters<typeof runAudit>[1]) =>
      done(
        await withServices(options, terminal, (services) => runAudit(services.get(AuditService), options, terminal)),
      ),
    );
  configured(
    program.command('identities').description('Identities, many at once'),
    'import',
    'Import identities from NDJSON or a JSON array',
  )
    .argument('<file>', 'one body of POST /admin/identities a line, or an array of them')
    .addOption(format())
    .action(async (file: string, options: CommonOptions & { format: Format }) =>
      done(
        await withServices(options, terminal, (services) =>
          runIdentitiesImport(services.get(IdentityService), { file, ...options }, terminal),
        ),
      ),
    );
  configured(program, 'purge', 'Remove what ended longer ago than regain.purge.keep, now')
    .addOption(format())
    .action(async (options: CommonOptions & { format: Format }) =>
      done(
        await withServices(options, terminal, (services, { regain }) =>
          runPurge(services.get(PurgeService), regain.purge.keep.seconds, options.format, terminal),
        ),
      ),
    );
  configured(
    program.command('config').description('The configuration, without starting anything'),
    'check',
    'Check the configuration and print every problem',
  )
    .addOption(format())
    .action(async ({ config = [], dev = false, format: how }: CommonOptions & { format: Format }) =>
      done(
        await runConfigCheck({ files: config.length > 0 ? config : ['config/kratos.yml'], dev, format: how }, terminal),
      ),
    );
  program
    .command('openapi')
    .summary('Print the OpenAPI document')
    .description('Print the OpenAPI document')
    .option('--output <file>', 'write it there')
    .action(async (options: { output?: string }) => done(await runOpenApi(options, terminal)));
  return program;
}

function recoveryCommands(program: Command, done: (code: number) => void): void {
  const recovery = program.command('recovery').description('Recovery links and codes');
  for (const [kind, make] of [
    ['link', recoveryLink],
    ['code', recoveryCode],
  ] as const)
    configured(recovery, kind, `Make a recovery ${kind} with access to the database (break-glass; audited)`)
      .argument('<identity>', 'id or identifier')
      .requiredOption('--reason <text>', 'why, for the audit log', notEmpty)
      .option(
        '--expires-in <duration>',
        `how long it works, e.g. 12h (default: selfservice.methods.${kind}.config.lifespan)`,
      )
      .option(
        '--deliver [address]',
        'mail it instead of printing it: to this recovery address of the identity (the address or its id), or to the one that it has had longest',
      )
      .addOption(new Option('--locale <language>', 'of the message, with --deliver').choices(LOCALES))
      .addOption(format())
      .action(
        async (identity: string, options: CommonOptions & { reason: string; expiresIn?: string; format: Format }) =>
          done(
            await withServices(options, terminal, (services) =>
              make(services.get(IdentityService), services.get(RecoveryService), { identity, ...options }, terminal),
            ),
          ),
      );
  configured(recovery, 'grants', 'List issued links and codes')
    .option('--identity <id>', 'only of this identity')
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'used', 'revoked', 'expired']))
    .addOption(format())
    .action(async (options: CommonOptions & { identity?: string; state?: GrantState; format: Format }) =>
      done(
        await withServices(options, terminal, (services) =>
          recoveryGrants(services.get(RecoveryService), options, terminal),
        ),
      ),
    );
  configured(recovery, 'revoke', 'Withdraw an issued link or code')
    .argument('<grant>', 'its id, as `recovery grants` prints it')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(format())
    .action(async (grant: string, options: CommonOptions & { reason?: string; format: Format }) =>
      done(
        await withServices(options, terminal, (services) =>
          recoveryRevoke(services.get(RecoveryService), { grant, ...options }, terminal),
        ),
      ),
    );
}

/** What went wrong and what to change, without a stack and without a value. */
function explain(error: unknown): string {
  if (error instanceof ConfigurationError) return error.message;
  if (error instanceof EmbeddedDatabaseError) return `${error.message}\n${error.remedy}`;
  if (error instanceof DomainError) return error.reason ?? error.message;
  return `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
