import { type Command, Option } from 'commander';
import { loadConfiguration, processEnvironment } from '../config/index.js';
import { type Locale, LOCALES, Templates } from '../courier/index.js';
import { courierPreview } from './courier-preview.js';
import { terminal } from './io.js';
import type { CommonOptions } from './prepare.js';
import { configured } from './program.options.js';

type Options = CommonOptions & { locale?: Locale; format?: 'text' | 'html'; output?: string; open?: boolean };

export function courierCommands(program: Command, done: (code: number) => void): void {
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
    .action(async (template: string, { config, dev, ...options }: Options) => {
      const { regain, courier } = await loadConfiguration({
        files: config && config.length > 0 ? config : ['config/kratos.yml'],
        env: processEnvironment(),
        ...(dev ? { dev } : {}),
      });
      const templates = Templates.configured(regain, courier);
      const locale = options.locale ?? regain.courier.default_locale;
      done(await courierPreview(templates, { ...options, template, locale }, terminal));
    });
}
