import { type Command, Option } from 'commander';
import { GRANT_STATES, LOCALES, RESET_TYPES } from './choices.js';
import type { CommonOptions } from './prepare.js';
import { configured as declared, format, type Format, mayLeaveOut, notEmpty } from './program.options.js';
import { type Run, services } from './program.run.js';
import type { ContainOptions, FileOptions } from './recovery-file.js';
import type { GrantsOptions, SecretOptions } from './recovery.js';

const configured: typeof declared = (parent, name, summary) => mayLeaveOut(declared(parent, name, summary));

export function recoveryCommands(program: Command, run: Run): void {
  const recovery = program.command('recovery').description('Recovery links and codes');
  for (const kind of ['link', 'code'] as const)
    configured(recovery, kind, `Issue a recovery ${kind} with database access (break-glass; audited)`)
      .argument('<identity>', 'id or identifier')
      .requiredOption('--reason <text>', 'reason, for the audit log', notEmpty)
      .option('--expires-in <duration>', `lifetime, e.g. 12h (default: selfservice.methods.${kind}.config.lifespan)`)
      .option(
        '--deliver [address]',
        'mail it instead of printing it, to this recovery address of the identity (address or id; default: its oldest one)',
      )
      .addOption(new Option('--locale <language>', 'language of the message, with --deliver').choices(LOCALES))
      .option('--strict', `refuse to issue a ${kind} that the person could not use, instead of a warning`)
      .addOption(
        new Option(
          '--contain [mode]',
          'block older credentials from now on; with keep_mail, the person may still recover the account by mail',
        ).choices(['keep_mail']),
      )
      .addOption(reset())
      .addOption(format())
      .action((identity: string, given: CommonOptions & Omit<SecretOptions, 'identity'> & { reason: string }) =>
        run(async (io) => {
          const { issueCode, issueLink } = await services();
          return (kind === 'link' ? issueLink : issueCode)({ ...given, identity }, io);
        }),
      );
  configured(recovery, 'grants', 'List issued links and codes')
    .option('--identity <id>', 'only those of this identity')
    .addOption(new Option('--state <state>', 'only those in this state').choices(GRANT_STATES))
    .addOption(format())
    .action((options: CommonOptions & GrantsOptions) => run(async (io) => (await services()).listGrants(options, io)));
  configured(recovery, 'revoke', 'Revoke an issued link or code')
    .argument('<grant>', 'id of the link or code, from `recovery grants`')
    .option('--reason <text>', 'reason, for the audit log')
    .addOption(format())
    .action((grant: string, options: CommonOptions & { reason?: string; format: Format }) =>
      run(async (io) => (await services()).revokeGrant({ grant, ...options }, io)),
    );
  configured(recovery, 'cancel', 'Cancel an open hand-over: older credentials work again')
    .argument('<identity>', 'id or identifier')
    .requiredOption('--reason <text>', 'reason, for the audit log', notEmpty)
    .addOption(format())
    .action((identity: string, options: CommonOptions & { reason: string; format: Format }) =>
      run(async (io) => (await services()).cancelRecovery({ identity, ...options }, io)),
    );
  listed(configured(recovery, 'contain', 'Contain many accounts: block older credentials and issue a link for each'))
    .option('--keep-mail', 'people may still recover their accounts by mail')
    .option('--deliver', "mail each link to the identity's oldest recovery address instead of printing it")
    .addOption(new Option('--locale <language>', 'language of the messages, with --deliver').choices(LOCALES))
    .option('--expires-in <duration>', 'lifetime of each link (default: selfservice.methods.link.config.lifespan)')
    .addOption(reset())
    .addHelpText('after', `${FILE_HELP}\n${CONTAIN_HELP}`)
    .action((options: CommonOptions & ContainOptions & { reason: string }) =>
      run(async (io) => (await services()).containListed(options, io)),
    );
  listed(configured(recovery, 'lift', 'Lift the containment of many accounts: older credentials work again'))
    .addHelpText('after', FILE_HELP)
    .action((options: CommonOptions & FileOptions & { reason: string }) =>
      run(async (io) => (await services()).liftListed(options, io)),
    );
}

const reset = (): Option =>
  new Option('--reset <type...>', 'remove credentials of these types once a new one is set').choices(RESET_TYPES);

const listed = (command: Command): Command =>
  command
    .requiredOption('--file <file>', 'file that lists the identities')
    .requiredOption('--reason <text>', 'reason, for the audit log', notEmpty)
    .addOption(format());

const FILE_HELP = `
The file has one id or identifier per line, or NDJSON objects with identity_id, id or identifier.
After an interruption, run it again: it skips accounts that are done.
Exit codes: 0 all done, 1 some rows were refused or the run failed, 2 wrong usage.`;

const CONTAIN_HELP = `
Each link is printed once, as soon as it is issued: keep the output safe. Accounts that were already contained
get no new link; use \`recovery link\` for those.`;
