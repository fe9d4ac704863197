import { type Command, InvalidArgumentError } from 'commander';
import { SCOPE_NAMES } from './choices.js';
import type { CommonOptions } from './prepare.js';
import { configured, format, type Format } from './program.options.js';
import { type Run, services } from './program.run.js';

type Options = CommonOptions & { format: Format };

export function accessTokenCommands(program: Command, run: Run): void {
  const tokens = program.command('access-tokens').description('Access tokens for the admin API');
  configured(tokens, 'create', 'Create a token and print it once')
    .requiredOption('--name <name>', 'what the token is for')
    .requiredOption(
      '--scopes <scopes...>',
      `what it may do: any of ${SCOPE_NAMES.join(', ')} (* allows everything)`,
      moreScopes,
    )
    .option('--expires-in <duration>', 'lifetime, e.g. 720h (default: unlimited)')
    .addOption(format())
    .action((options: Options & { name: string; scopes: string[]; expiresIn?: string }) =>
      run(async (io) => (await services()).createToken(options, io)),
    );
  configured(tokens, 'list', 'List tokens, without their secrets')
    .addOption(format())
    .action((options: Options) => run(async (io) => (await services()).listTokens(options, io)));
  configured(tokens, 'revoke', 'Revoke a token')
    .argument('<id>', 'id of the token, from `access-tokens list`')
    .option('--cascade', 'also revoke all tokens created through it, directly or not')
    .addOption(format())
    .action((id: string, options: Options & { cascade?: boolean }) =>
      run(async (io) => (await services()).revokeToken({ id, ...options }, io)),
    );
}

/** Accepts our scopes, and names that an extension may declare; those are checked once it is loaded. */
const known = (text: string): boolean =>
  SCOPE_NAMES.some((scope) => scope === text) || /^[a-z0-9-]+:[a-z0-9-]+$/.test(text);

/** Accepts scopes separated by spaces or commas. */
function moreScopes(given: string, before: readonly string[] = []): string[] {
  const scopes = given.split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0 || !scopes.every(known))
    throw new InvalidArgumentError(`Choose from: ${SCOPE_NAMES.join(', ')}`);
  return [...before, ...scopes];
}
