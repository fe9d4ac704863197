import { type Command, InvalidArgumentError, Option } from 'commander';

export type Format = 'text' | 'json';

export const format = (): Option =>
  new Option('--format <format>', 'output format').choices(['text', 'json']).default('text');

/** For a repeatable option. Unlike `<file...>`, it doesn't swallow the argument after it. */
export const another = (value: string, before: readonly string[] = []): string[] => [...before, value];

export function notEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('It must not be empty.');
  return value;
}

/** A command that reads a configuration. */
export function configured(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(summary)
    .option('-c, --config <file>', 'a kratos.yml; repeatable, later files win (default: config/kratos.yml)', another)
    .option('--extension <module>', 'load this extension too; repeatable', another)
    .option('--dev', 'allow cookies without Secure and http base URLs beyond loopback');
}

/** For commands that no extension may block. */
export const mayLeaveOut = (command: Command): Command =>
  command.option('--no-extensions', 'load no extensions (audited)');
