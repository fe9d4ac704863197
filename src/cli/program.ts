import { Command, CommanderError } from 'commander';
import type { AuditOptions } from './audit.js';
import { type Io, terminal } from './io.js';
import type { CommonOptions } from './prepare.js';
import { readKratosCommandLine } from './kratos-commands.js';
import { accessTokenCommands } from './program.access-tokens.js';
import { courierCommands } from './program.courier.js';
import { importCommands } from './program.import.js';
import { recoveryCommands } from './program.recovery.js';
import { another, configured, format, type Format, mayLeaveOut } from './program.options.js';
import { type Run, services } from './program.run.js';
import { ownVersion } from './version.js';
import { WrongUsage } from './wrong-usage.js';

/*
 * The program*.ts files declare all commands. The code of a command is imported when it runs, so that `--help` and
 * `--version` don't load the application.
 */

/** Runs a command line. Exit code: 0 done, 1 refused or failed, 2 wrong usage. */
export async function main(argv: readonly string[], io: Io = terminal): Promise<number> {
  let code = 0;
  const run: Run = async (work) => void (code = await work(io));
  const line = readKratosCommandLine(argv);
  if ('instead' in line) {
    io.err(line.instead);
    return 2;
  }
  try {
    await buildProgram(run, io).parseAsync(line.argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const { explain } = await import('./explain.js');
    io.err(explain(error));
    return error instanceof WrongUsage ? 2 : 1;
  }
}

function buildProgram(run: Run, io: Io): Command {
  const program = new Command('regain')
    .description('Account-recovery server: recovery links and codes, with the HTTP interface of Ory Kratos.')
    .version(ownVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .showHelpAfterError('(see --help)');

  configured(program, 'serve', 'Run the server')
    .option('--watch-courier', 'accepted for compatibility: a server always delivers mail')
    .action((options: CommonOptions) => run(async (io) => (await import('./serve.js')).serve(options, io)));
  configured(
    program,
    'quickstart',
    'Run the server; on an empty database, create an access token, an example identity and a link',
  ).action((options: CommonOptions) => run(async (io) => (await import('./quickstart.js')).quickstart(options, io)));
  mayLeaveOut(configured(program, 'migrate', 'Migrate the database'))
    .option('--check', 'only list pending migrations; exit code 1 if there are any')
    .addOption(format())
    .action((options: CommonOptions & { check?: boolean; format: Format }) =>
      run(async (io) => (await import('./migrate.js')).runMigrate(options, io)),
    );
  accessTokenCommands(program, run);
  recoveryCommands(program, run);
  courierCommands(program, run);
  importCommands(program, run);
  configured(program, 'audit', 'Print audit events, newest first')
    .option('--action <action>', 'only this action, e.g. recovery.link.created')
    .option('--target <id>', 'only events about this identity or token')
    .option('--actor <id>', 'only events by this token, session or operator')
    .option('--since <time>', 'from this time on, e.g. 2030-01-31T12:00:00Z')
    .option('--until <time>', 'before this time')
    .option('--limit <n>', 'number of events, up to 1000', '100')
    .option('--page-token <token>', 'continue after the previous page')
    .addOption(format())
    .action((options: CommonOptions & AuditOptions) => run(async (io) => (await services()).audit(options, io)));
  configured(
    program.command('identities').description('Bulk operations on identities'),
    'import',
    'Create identities from a file',
  )
    .argument('<file>', 'NDJSON or a JSON array; each entry is a body of POST /admin/identities')
    .addOption(format())
    .action((file: string, options: CommonOptions & { format: Format }) =>
      run(async (io) => (await services()).importIdentities({ file, ...options }, io)),
    );
  configured(program, 'purge', 'Remove what expired longer ago than regain.purge.keep')
    .addOption(format())
    .action((options: CommonOptions & { format: Format }) => run(async (io) => (await services()).purge(options, io)));
  configured(
    program.command('config').description('Work with the configuration, without starting anything'),
    'check',
    'Check the configuration and list every problem',
  )
    .addOption(format())
    .action(({ config = [], dev = false, extension = [], format: how }: CommonOptions & { format: Format }) =>
      run(async (io) => {
        const { runConfigCheck } = await import('./config-check.js');
        const files = config.length > 0 ? config : ['config/kratos.yml'];
        return runConfigCheck({ files, dev, extension, format: how }, io);
      }),
    );
  program
    .command('openapi')
    .summary('Print the OpenAPI document')
    .description('Print the OpenAPI document')
    .option('--output <file>', 'write to this file instead of printing')
    .option('--extension <module>', 'include the routes of this extension; repeatable', another)
    .action((options: { output?: string; extension?: string[] }) =>
      run(async (io) => (await import('./openapi.js')).runOpenApi(options, io)),
    );
  return program;
}
