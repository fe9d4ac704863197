import { type Command, Option } from 'commander';

export type Format = 'text' | 'json';

export const format = (): Option =>
  new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');

/** A command that reads a configuration. */
export function configured(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(summary)
    .option('-c, --config <file...>', 'kratos.yml; repeat it, later files win (default: config/kratos.yml)')
    .option('--dev', 'relax the Secure flag of cookies and the rule that http base URLs are loopback');
}
