import { type Command, Option } from 'commander';
import { LOCALES } from './choices.js';
import type { PreviewCommand } from './courier-preview.js';
import { configured } from './program.options.js';
import type { Run } from './program.run.js';

export function courierCommands(program: Command, run: Run): void {
  configured(
    program.command('courier').description('Mail that Regain sends'),
    'preview',
    'Show a message filled with example data; sends nothing',
  )
    .argument('[template]', 'message to show; leave out to list all')
    .addOption(new Option('--locale <locale>', 'language (default: regain.courier.default_locale)').choices(LOCALES))
    .addOption(new Option('--format <format>', 'text, or html (default with --open)').choices(['text', 'html']))
    .option('--output <file>', 'write to this file instead of printing')
    .option('--open', "open it in the desktop's default program")
    .action((template: string | undefined, options: Omit<PreviewCommand, 'template'>) =>
      run(async (io) => (await import('./courier-preview.js')).runCourierPreview({ ...options, template }, io)),
    );
}
