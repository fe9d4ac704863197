import { type Command, InvalidArgumentError, Option } from 'commander';

export type Format = 'text' | 'json';

export const format = (): Option =>
  new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');

/** For an option that may be repeated; unlike `<file...>` it leaves the argument behind it alone. */
const another = (value: string, before: readonly string[] = []): string[] => [...before, value];

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
    .option('-c, --config <file>', 'kratos.yml; repeat it, later files win (default: config/kratos.yml)', another)
    .option('--dev', 'relax the Secure flag of cookies and the rule that http base URLs are loopback');
}
