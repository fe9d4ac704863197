import type { Command } from 'commander';
import type { ImportKratosOptions } from './import-kratos.js';
import type { CommonOptions } from './prepare.js';
import { configured, format } from './program.options.js';
import { type Run, services } from './program.run.js';

const HELP = `
Exit codes: 0 imported as planned, 1 failed (run it again), 2 wrong usage,
3 nothing written because you need to decide, 4 written, but the verification found differences.
A dry run exits with the code the import would have.`;

export function importCommands(program: Command, run: Run): void {
  configured(
    program.command('import').description('Import from another server'),
    'kratos',
    'Import the identities of an Ory Kratos database (PostgreSQL), which is only read',
  )
    .option('--from-env <name>', 'environment variable with its DSN')
    .option('--from-file <file>', 'file with its DSN')
    .option('--network <uuid>', 'network to import, if there are several')
    .option('--with-sessions', 'import live sessions too: tokens of native apps keep working')
    .option(
      '--accept-loss <kind...>',
      'accept that this is left behind: a credential type, passwords, identifiers, collisions',
    )
    .option('--dry-run', 'print the plan and write nothing')
    .option('--reason <text>', 'reason, for the audit log')
    .addOption(format())
    .addHelpText('after', HELP)
    .action((options: CommonOptions & ImportKratosOptions & { reason?: string }) =>
      run(async (io) => (await services()).importKratos(options, io)),
    );
}
