import { type Command, Option } from 'commander';
import { GRANT_STATES, LOCALES, RESET_TYPES } from './choices.js';
import type { CommonOptions } from './prepare.js';
import { configured, format, type Format, notEmpty } from './program.options.js';
import { type Run, services } from './program.run.js';
import type { ContainOptions, FileOptions } from './recovery-file.js';
import type { GrantsOptions, SecretOptions } from './recovery.js';

export function recoveryCommands(program: Command, run: Run): void {
  const recovery = program.command('recovery').description('Recovery links and codes');
  for (const kind of ['link', 'code'] as const)
    configured(recovery, kind, `Make a recovery ${kind} with access to the database (break-glass; audited)`)
      .argument('<identity>', 'id or identifier')
      .requiredOption('--reason <text>', 'why, for the audit log', notEmpty)
      .option(
        '--expires-in <duration>',
        `how long it works, e.g. 12h (default: selfservice.methods.${kind}.config.lifespan)`,
      )
      .option(
        '--deliver [address]',
        'mail it instead of printing it: to this recovery address of the identity (the address or its id), or to the one that it has had longest',
      )
      .addOption(new Option('--locale <language>', 'of the message, with --deliver').choices(LOCALES))
      .option('--strict', `make no ${kind} that its person could not use, instead of a warning`)
      .addOption(
        new Option(
          '--contain [mode]',
          'older credentials open nothing from now on; with keep_mail the person may recover the account by mail',
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
    .option('--identity <id>', 'only of this identity')
    .addOption(new Option('--state <state>', 'only these').choices(GRANT_STATES))
    .addOption(format())
    .action((options: CommonOptions & GrantsOptions) => run(async (io) => (await services()).listGrants(options, io)));
  configured(recovery, 'revoke', 'Withdraw an issued link or code')
    .argument('<grant>', 'its id, as `recovery grants` prints it')
    .option('--reason <text>', 'why, for the audit log')
    .addOption(format())
    .action((grant: string, options: CommonOptions & { reason?: string; format: Format }) =>
      run(async (io) => (await services()).revokeGrant({ grant, ...options }, io)),
    );
  configured(recovery, 'cancel', 'End the recovery that is under way: older credentials open the account again')
    .argument('<identity>', 'id or identifier')
    .requiredOption('--reason <text>', 'why, for the audit log', notEmpty)
    .addOption(format())
    .action((identity: string, options: CommonOptions & { reason: string; format: Format }) =>
      run(async (io) => (await services()).cancelRecovery({ identity, ...options }, io)),
    );
  listed(
    configured(
      recovery,
      'contain',
      'Contain many accounts: older credentials open them no more; makes a link for each',
    ),
  )
    .option('--keep-mail', 'people may recover their accounts by mail themselves')
    .option('--deliver', 'mail each link to the address that the identity has had longest, instead of printing it')
    .addOption(new Option('--locale <language>', 'of the messages, with --deliver').choices(LOCALES))
    .option('--expires-in <duration>', 'how long each link works (default: selfservice.methods.link.config.lifespan)')
    .addOption(reset())
    .addHelpText('after', `${FILE_HELP}\n${CONTAIN_HELP}`)
    .action((options: CommonOptions & ContainOptions & { reason: string }) =>
      run(async (io) => (await services()).containListed(options, io)),
    );
  listed(configured(recovery, 'lift', 'End the containment of many accounts: older credentials open them again'))
    .addHelpText('after', FILE_HELP)
    .action((options: CommonOptions & FileOptions & { reason: string }) =>
      run(async (io) => (await services()).liftListed(options, io)),
    );
}

const reset = (): Option =>
  new Option('--reset <type...>', 'remove credentials of these types once a new one is set').choices(RESET_TYPES);

const listed = (command: Command): Command =>
  command
    .requiredOption('--file <file>', 'which identities')
    .requiredOption('--reason <text>', 'why, for the audit log', notEmpty)
    .addOption(format());

const FILE_HELP = `
The file has an id or identifier a line, or NDJSON: objects with identity_id, id or identifier.
Run it again after an interruption: what is done already is left as it is.
Exit codes: 0 everything is as asked, 1 some rows were refused or the run failed, 2 wrong usage.`;

const CONTAIN_HELP = `
Links are printed once, each as soon as it is made: keep the output safe. An account that was contained
before gets no new link here; \`recovery link\` makes one.`;
