import type { Command } from 'commander';
import type { ImportKratosOptions } from './import-kratos.js';
import type { CommonOptions } from './prepare.js';
import { configured, format } from './program.options.js';
import { type Run, services } from './program.run.js';

const HELP = `
Exit codes: 0 everything is here as planned, 1 failed (run it again), 2 wrong usage,
3 nothing was written because somebody must decide, 4 written, and the verification found differences.
A dry run ends with the code that the import would have.`;

export function importCommands(program: Command, run: Run): void {
  configured(
    program.command('import').description('Moving in from another server'),
    'kratos',
    'Move the identities of an Ory Kratos database (PostgreSQL) in; it is only read',
  )
    .option('--from-env <name>', 'the environment variable that holds its DSN')
    .option('--from-file <file>', 'the file that holds its DSN')
    .option('--network <uuid>', 'which network, where there are several')
    .option('--with-sessions', 'live sessions too: tokens of native apps go on working')
    .option(
      '--accept-loss <kind...>',
      'go on though this is left behind: a credential type, passwords, identifiers, collisions',
    )
    .option('--dry-run', 'look and say what would happen')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(format())
    .addHelpText('after', HELP)
    .action((options: CommonOptions & ImportKratosOptions & { reason?: string }) =>
      run(async (io) => (await services()).importKratos(options, io)),
    );
}
