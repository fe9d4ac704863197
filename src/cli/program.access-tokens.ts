import { type Command, InvalidArgumentError } from 'commander';
import { SCOPE_NAMES } from './choices.js';
import type { CommonOptions } from './prepare.js';
import { configured, format, type Format } from './program.options.js';
import { type Run, services } from './program.run.js';

type Options = CommonOptions & { format: Format };

export function accessTokenCommands(program: Command, run: Run): void {
  const tokens = program.command('access-tokens').description('Personal access tokens of the admin API');
  configured(tokens, 'create', 'Make a token; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption(
      '--scopes <scopes...>',
      `what it may do: some of ${SCOPE_NAMES.join(', ')} (* is everything)`,
      moreScopes,
    )
    .option('--expires-in <duration>', 'how long it works, e.g. 720h (default: until it is revoked)')
    .addOption(format())
    .action((options: Options & { name: string; scopes: string[]; expiresIn?: string }) =>
      run(async (io) => (await services()).createToken(options, io)),
    );
  configured(tokens, 'list', 'List tokens, never their secrets')
    .addOption(format())
    .action((options: Options) => run(async (io) => (await services()).listTokens(options, io)));
  configured(tokens, 'revoke', 'Revoke a token at once')
    .argument('<id>', 'its id, as `access-tokens list` prints it')
    .option('--cascade', 'also the tokens made with it, and those made with them')
    .addOption(format())
    .action((id: string, options: Options & { cascade?: boolean }) =>
      run(async (io) => (await services()).revokeToken({ id, ...options }, io)),
    );
}

const known = (text: string): boolean => SCOPE_NAMES.some((scope) => scope === text);

/** Scopes stand apart by spaces or commas, as people write lists. */
function moreScopes(given: string, before: readonly string[] = []): string[] {
  const scopes = given.split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0 || !scopes.every(known))
    throw new InvalidArgumentError(`There are: ${SCOPE_NAMES.join(', ')}`);
  return [...before, ...scopes];
}
