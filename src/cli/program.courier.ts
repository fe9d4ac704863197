import { type Command, Option } from 'commander';
import { LOCALES } from './choices.js';
import type { PreviewCommand } from './courier-preview.js';
import { configured } from './program.options.js';
import type { Run } from './program.run.js';

export function courierCommands(program: Command, run: Run): void {
  configured(
    program.command('courier').description('Messages to people'),
    'preview',
    'Show a message with example data; nothing is sent',
  )
    .argument('<template>', 'which message; one that does not exist lists them all')
    .addOption(
      new Option('--locale <locale>', 'its language (default: regain.courier.default_locale)').choices(LOCALES),
    )
    .addOption(new Option('--format <format>', 'text, or html (default with --open)').choices(['text', 'html']))
    .option('--output <file>', 'write it there')
    .option('--open', 'open it with what this desktop opens such files with')
    .action((template: string, options: Omit<PreviewCommand, 'template'>) =>
      run(async (io) => (await import('./courier-preview.js')).runCourierPreview({ ...options, template }, io)),
    );
}
