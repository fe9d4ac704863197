import { Command, CommanderError } from 'commander';
import type { AuditOptions } from './audit.js';
import { type Io, terminal } from './io.js';
import type { CommonOptions } from './prepare.js';
import { readKratosCommandLine } from './kratos-commands.js';
import { accessTokenCommands } from './program.access-tokens.js';
import { courierCommands } from './program.courier.js';
import { importCommands } from './program.import.js';
import { recoveryCommands } from './program.recovery.js';
import { configured, format, type Format } from './program.options.js';
import { type Run, services } from './program.run.js';
import { ownVersion } from './version.js';
import { WrongUsage } from './wrong-usage.js';

/*
 * Commands are declared in the program*.ts files, and nowhere else. What a command does is imported when it runs:
 * `--help` and `--version` load no module of the application.
 */

/** Runs a command line; resolves to the exit code: 0 done, 1 refused or failed, 2 wrong usage. */
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
    .description('Gives people their accounts back: recovery links, with the HTTP interface of Ory Kratos.')
    .version(ownVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .showHelpAfterError('(--help lists what there is)');

  configured(program, 'serve', 'Serve until stopped')
    .option('--watch-courier', 'accepted for the sake of scripts: a server always delivers its messages')
    .action((options: CommonOptions) => run(async (io) => (await import('./serve.js')).serve(options, io)));
  configured(
    program,
    'quickstart',
    'Serve; on an empty database, make an access token, an example identity and a ready link',
  ).action((options: CommonOptions) => run(async (io) => (await import('./quickstart.js')).quickstart(options, io)));
  configured(program, 'migrate', 'Bring the database up to date')
    .option('--check', 'only say whether something is pending (exit code 1)')
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
    .option('--target <id>', 'only what was done to this identity or token')
    .option('--actor <id>', 'only what this token, session or operator did')
    .option('--since <time>', 'from then on, e.g. 2030-01-31T12:00:00Z')
    .option('--until <time>', 'before then')
    .option('--limit <n>', 'at most so many, up to 1000', '100')
    .option('--page-token <token>', 'go on where the last page ended')
    .addOption(format())
    .action((options: CommonOptions & AuditOptions) => run(async (io) => (await services()).audit(options, io)));
  configured(
    program.command('identities').description('Identities, many at once'),
    'import',
    'Import identities from NDJSON or a JSON array',
  )
    .argument('<file>', 'one body of POST /admin/identities a line, or an array of them')
    .addOption(format())
    .action((file: string, options: CommonOptions & { format: Format }) =>
      run(async (io) => (await services()).importIdentities({ file, ...options }, io)),
    );
  configured(program, 'purge', 'Remove what ended longer ago than regain.purge.keep, now')
    .addOption(format())
    .action((options: CommonOptions & { format: Format }) => run(async (io) => (await services()).purge(options, io)));
  configured(
    program.command('config').description('The configuration, without starting anything'),
    'check',
    'Check the configuration and print every problem',
  )
    .addOption(format())
    .action(({ config = [], dev = false, format: how }: CommonOptions & { format: Format }) =>
      run(async (io) => {
        const { runConfigCheck } = await import('./config-check.js');
        return runConfigCheck({ files: config.length > 0 ? config : ['config/kratos.yml'], dev, format: how }, io);
      }),
    );
  program
    .command('openapi')
    .summary('Print the OpenAPI document')
    .description('Print the OpenAPI document')
    .option('--output <file>', 'write it there')
    .action((options: { output?: string }) =>
      run(async (io) => (await import('./openapi.js')).runOpenApi(options, io)),
    );
  return program;
}
