import type { Finding, Found, KratosImportOutcome, KratosPlan } from '../kratos-import/index.js';
import { oneLine, textTable } from './text-table.js';

/** Ids per line; `--format json` has up to a thousand. */
const SHOWN_IDS = 5;

const MEANING: Readonly<Record<Finding, string>> = {
  credential_not_brought: 'the contents of this credential are left behind',
  credential_empty: 'empty credential row, nothing to import',
  password_not_brought: 'identity is imported without this password',
  password_without_identifier: 'imported, but has no identifier: unusable until the identity gets one',
  identifier_not_brought: 'left behind: too long, or no visible characters',
  collision: 'left behind: an older identity has an equal one',
  merged: 'present in two spellings: imported once',
  second_factor: 'has a second factor (available_aal becomes aal2)',
  traits_invalid: 'traits violate the schema: imported as they are, the next change must fix them',
  organization: 'organization is left behind',
  provider_tokens: 'provider tokens are left behind, the connection is imported',
  session_not_brought: 'session left behind: its token has an old format',
  session_of_earlier_identity: 'session left behind: its identity existed before this run',
  exists_differently: 'already exists with different data: not changed',
};

const FATES = {
  kept: 'imported as it is',
  wrapped: 'imported, wrapped in argon2id',
  too_costly: 'left behind: too costly to verify',
  unknown: 'left behind: unknown kind',
} as const;

const SECOND_FACTORS = {
  refuse:
    'Regain cannot check second factors. These identities will be refused recovery, settings and login unless regain.recovery.second_factor is "ignore". Administrators can remove a factor with DELETE /admin/identities/{id}/credentials/{type}.',
  ignore:
    'regain.recovery.second_factor is "ignore": these identities will sign in and recover without their second factor.',
} as const;

/** The plan, printed before anything is written. */
export function planLines(plan: KratosPlan): string[] {
  const { network, counts, identities, blockers } = plan;
  const lines = [
    'Kratos database',
    ...textTable(
      ['network', 'identities'],
      plan.networks.map((n) => [n.id, String(n.identities)]),
    ),
  ];
  if (network !== undefined && counts !== undefined) {
    const rows = Object.entries(counts).map(([what, count]) => [wordsOf(what), String(count)]);
    lines.push('', `Network ${network}`, ...textTable(['what', 'rows'], rows));
    const schemas = plan.schemas.map((s) => [s.id, String(s.identities), s.known ? 'yes' : 'NO']);
    lines.push('', ...textTable(['schema', 'identities', 'configured'], schemas));
    if (plan.hashes.length > 0) {
      const hashes = plan.hashes.map((h) => [h.kind, String(h.count), FATES[h.fate]]);
      lines.push('', ...textTable(['password hash', 'count', 'what happens'], hashes));
    }
    if (plan.found.length > 0) lines.push('', ...foundLines(plan.found));
    if (plan.found.some(({ finding }) => finding === 'second_factor'))
      lines.push('', SECOND_FACTORS[plan.secondFactor]);
    lines.push(
      '',
      `To import: ${identities.fresh} identities, ${plan.sessions} sessions. Already here: ${identities.earlier} equal, ${identities.different} with different data.`,
    );
  }
  if (blockers.length > 0) {
    const accept = blockers.flatMap((blocker) =>
      blocker.accept === undefined ? [] : [`--accept-loss ${blocker.accept}`],
    );
    lines.push('', 'Nothing was written:', ...blockers.map(({ text }) => oneLine(`- ${text}`)));
    if (accept.length > 0) lines.push(oneLine(`To import anyway: ${accept.join(' ')}`));
  }
  return lines;
}

export function outcomeLines({ result, written, verification }: KratosImportOutcome, dryRun: boolean): string[] {
  if (result === 'undecided') return [];
  if (written === undefined || verification === undefined) return dryRun ? ['', 'Dry run: nothing was written.'] : [];
  const rate = written.seconds > 0 ? Math.round(written.identities / written.seconds) : written.identities;
  const rows = [
    ['written identities', String(written.identities)],
    ['written second factors', String(written.secondFactors)],
    ['written sessions', String(written.sessions)],
    ['seconds', written.seconds.toFixed(1)],
    ['identities per second', String(rate)],
    ['compared', String(verification.compared)],
    ['equal', String(verification.equal)],
    ['sessions compared', String(verification.sessions.expected)],
    ['sessions equal', String(verification.sessions.equal)],
    ['digest of the source', verification.digests.source.slice(0, 16)],
    ['digest in Regain', verification.digests.target.slice(0, 16)],
  ];
  const differing = verification.different.map(({ id, parts }) => `differs: ${id} (${parts.join(', ')})`);
  const missing = verification.missing.map((id) => `missing: ${id}`);
  const verdict = result === 'done' ? 'Everything was imported as planned.' : 'The two sides differ.';
  return ['', ...textTable(['result', ''], rows), ...missing, ...differing, '', verdict];
}

function foundLines(found: readonly Found[]): string[] {
  const rows = found.map(({ finding, detail, count, ids }) => [
    detail === '' ? '-' : detail,
    String(count),
    MEANING[finding],
    ids.slice(0, SHOWN_IDS).join(' ') + (ids.length > SHOWN_IDS ? ' …' : ''),
  ]);
  return textTable(['kind', 'count', 'what happens', 'identities'], rows);
}

const wordsOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
