import { type Command, InvalidArgumentError } from 'commander';
import { AccessTokenService, SCOPES } from '../access/index.js';
import { createAccessToken, listAccessTokens, revokeAccessToken } from './access-tokens.js';
import { configured, format, type Format } from './program.options.js';
import { terminal } from './io.js';
import { operatorName } from './operator.js';
import type { CommonOptions } from './prepare.js';
import { withServices } from './with-services.js';

type Options = CommonOptions & { format: Format };

export function accessTokenCommands(program: Command, done: (code: number) => void): void {
  const tokens = program.command('access-tokens').description('Personal access tokens of the admin API');
  configured(tokens, 'create', 'Make a token; it is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .requiredOption(
      '--scopes <scopes...>',
      `what it may do: some of ${SCOPES.join(', ')} (* is everything)`,
      moreScopes,
    )
    .option('--expires-in <duration>', 'how long it works, e.g. 720h (default: until it is revoked)')
    .addOption(format())
    .action(async (options: Options & { name: string; scopes: string[]; expiresIn?: string }) =>
      done(
        await withServices(options, terminal, (services) =>
          createAccessToken(services.get(AccessTokenService), { ...options, createdBy: operatorName() }, terminal),
        ),
      ),
    );
  configured(tokens, 'list', 'List tokens, never their secrets')
    .addOption(format())
    .action(async (options: Options) =>
      done(
        await withServices(options, terminal, (services) =>
          listAccessTokens(services.get(AccessTokenService), options, terminal),
        ),
      ),
    );
  configured(tokens, 'revoke', 'Revoke a token at once')
    .argument('<id>', 'its id, as `access-tokens list` prints it')
    .addOption(format())
    .action(async (id: string, options: Options) =>
      done(
        await withServices(options, terminal, (services) =>
          revokeAccessToken(services.get(AccessTokenService), { id, format: options.format }, terminal),
        ),
      ),
    );
}

const known = (text: string): boolean => SCOPES.some((scope) => scope === text);

/** Scopes stand apart by spaces or commas, as people write lists. */
function moreScopes(given: string, before: readonly string[] = []): string[] {
  const scopes = given.split(/[\s,]+/).filter((scope) => scope !== '');
  if (scopes.length === 0 || !scopes.every(known)) throw new InvalidArgumentError(`There are: ${SCOPES.join(', ')}`);
  return [...before, ...scopes];
}
