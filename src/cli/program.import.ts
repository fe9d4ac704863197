import type { Command } from 'commander';
import { processEnvironment } from '../config/index.js';
import { KratosImportService } from '../kratos-import/index.js';
import { type ImportKratosOptions, runImportKratos } from './import-kratos.js';
import { terminal } from './io.js';
import { configured, format } from './program.options.js';
import type { CommonOptions } from './prepare.js';
import { progressTo } from './progress.js';
import { withServices } from './with-services.js';

const HELP = `
Exit codes: 0 everything is here as planned, 1 failed (run it again), 2 wrong usage,
3 nothing was written because somebody must decide, 4 written, and the verification found differences.`;

export function importCommands(program: Command, done: (code: number) => void): void {
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
    .action(async (options: CommonOptions & ImportKratosOptions & { reason?: string }) =>
      done(
        await withServices(options, terminal, (services) =>
          runImportKratos(
            services.get(KratosImportService),
            options,
            processEnvironment(),
            progressTo(terminal, process.stderr.isTTY),
            terminal,
          ),
        ),
      ),
    );
}
