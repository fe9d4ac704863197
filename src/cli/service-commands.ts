import { AccessTokenService } from '../access/index.js';
import { AuditService } from '../audit/index.js';
import { processEnvironment } from '../config/index.js';
import { IdentityService } from '../identity/index.js';
import { KratosImportService } from '../kratos-import/index.js';
import { ScopeNames } from '../platform/http/index.js';
import { PurgeService } from '../purge/index.js';
import { ListGrants, RecoveryIssuing, RecoveryStandings, RevokeGrant } from '../recovery/index.js';
import { createAccessToken, type CreateTokenOptions, listAccessTokens, revokeAccessToken } from './access-tokens.js';
import { type AuditOptions, runAudit } from './audit.js';
import { type ImportOptions, runIdentitiesImport } from './identities-import.js';
import { type ImportKratosOptions, importRequest, runImportKratos } from './import-kratos.js';
import type { Io } from './io.js';
import { operatorName } from './operator.js';
import type { CommonOptions } from './prepare.js';
import type { Format } from './program.options.js';
import { progressTo } from './progress.js';
import { runPurge } from './purge.js';
import { containFile, type ContainOptions, type FileOptions, liftFile, readListed } from './recovery-file.js';
import {
  type GrantsOptions,
  recoveryCancel,
  recoveryCode,
  recoveryGrants,
  recoveryLink,
  recoveryRevoke,
  refuseWithoutMail,
  type SecretOptions,
} from './recovery.js';
import { withServices } from './with-services.js';
import { WrongUsage } from './wrong-usage.js';

/* Connects each command to its services. This file loads the whole application, so program.ts imports it only when needed. */

type Options = CommonOptions & { format: Format };

export const createToken = (options: Options & Omit<CreateTokenOptions, 'createdBy'>, io: Io): Promise<number> =>
  withServices(options, io, (services) => {
    refuseUnknownScopes(options.scopes, services.get(ScopeNames));
    return createAccessToken(services.get(AccessTokenService), { ...options, createdBy: operatorName() }, io);
  });

/** Runs once extensions are loaded and all scopes are known. @throws WrongUsage */
function refuseUnknownScopes(scopes: readonly string[], known: ScopeNames): void {
  const unknown = scopes.filter((scope) => !known.has(scope));
  if (unknown.length > 0)
    throw new WrongUsage(`Unknown scope: ${unknown.join(', ')}. Choose from: ${known.all.join(', ')}`);
}

export const listTokens = (options: Options, io: Io): Promise<number> =>
  withServices(options, io, (services) => listAccessTokens(services.get(AccessTokenService), options, io));

export const revokeToken = (options: Options & { id: string; cascade?: boolean }, io: Io): Promise<number> =>
  withServices(options, io, (services) => revokeAccessToken(services.get(AccessTokenService), options, io));

const issuing =
  (issue: typeof recoveryLink | typeof recoveryCode) =>
  (options: CommonOptions & SecretOptions & { reason: string }, io: Io): Promise<number> =>
    withServices(
      options,
      io,
      (services) => issue(services.get(IdentityService), services.get(RecoveryIssuing), options, io),
      (configuration) => refuseWithoutMail(options, configuration),
    );

export const issueLink = issuing(recoveryLink);
export const issueCode = issuing(recoveryCode);

export const listGrants = (options: CommonOptions & GrantsOptions, io: Io): Promise<number> =>
  withServices(options, io, (services) => recoveryGrants(services.get(ListGrants), options, io));

export const revokeGrant = (options: Options & { grant: string; reason?: string }, io: Io): Promise<number> =>
  withServices(options, io, (services) => recoveryRevoke(services.get(RevokeGrant), options, io));

export const cancelRecovery = (options: Options & { identity: string; reason: string }, io: Io): Promise<number> =>
  withServices(options, io, (services) =>
    recoveryCancel(services.get(IdentityService), services.get(RecoveryStandings), options, io),
  );

export async function containListed(
  options: CommonOptions & ContainOptions & { reason: string },
  io: Io,
): Promise<number> {
  const rows = await readListed(options.file); // reports wrong usage before anything starts
  const progress = progressTo(io, process.stderr.isTTY);
  return withServices(
    options,
    io,
    (services) =>
      containFile(rows, services.get(IdentityService), services.get(RecoveryIssuing), options, progress, io),
    (configuration) => refuseWithoutMail(options, configuration),
  );
}

export async function liftListed(options: CommonOptions & FileOptions & { reason: string }, io: Io): Promise<number> {
  const rows = await readListed(options.file);
  const progress = progressTo(io, process.stderr.isTTY);
  return withServices(options, io, (services) =>
    liftFile(rows, services.get(IdentityService), services.get(RecoveryStandings), options, progress, io),
  );
}

export const audit = (options: CommonOptions & AuditOptions, io: Io): Promise<number> =>
  withServices(options, io, (services) => runAudit(services.get(AuditService), options, io));

export const importIdentities = (options: CommonOptions & ImportOptions, io: Io): Promise<number> =>
  withServices(options, io, (services) => runIdentitiesImport(services.get(IdentityService), options, io));

export const purge = (options: Options, io: Io): Promise<number> =>
  withServices(options, io, (services, { regain }) =>
    runPurge(services.get(PurgeService), regain.purge.keep.seconds, options.format, io),
  );

export async function importKratos(
  options: CommonOptions & ImportKratosOptions & { reason?: string },
  io: Io,
): Promise<number> {
  const request = await importRequest(options, processEnvironment()); // reports wrong usage before anything starts
  const progress = progressTo(io, process.stderr.isTTY);
  return withServices(options, io, (services) =>
    runImportKratos(services.get(KratosImportService), request, options.format, progress, io),
  );
}
