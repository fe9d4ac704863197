import { expect, test } from 'vitest';
import type { IdentityService, IdentityView } from '../identity/index.js';
import type { RecoveryIssuing } from '../recovery/index.js';
import { recoveryLink } from './recovery.js';

const SMS = { id: 'a1', via: 'sms', value: '+4930123456' };
const EMAIL = { id: 'a2', via: 'email', value: 'ada@example.com' };

/** The address a link is mailed to, or why it is refused. */
async function mailedTo(deliver: string | true, recoveryAddresses: readonly object[]): Promise<unknown> {
  let to: unknown = 'nothing was issued';
  const view = { id: 'i-1', recoveryAddresses } as unknown as IdentityView;
  const identities = { findByIdentifier: () => Promise.resolve(view) } as unknown as IdentityService;
  const issueLink = (_: unknown, handover: { deliver?: { to: string } }): Promise<unknown> => {
    to = handover.deliver?.to;
    return Promise.resolve({ shown: false, warnings: [], issued: { messageId: 'm-1', expiresAt: new Date(0) } });
  };
  const recovery = { issueLink } as unknown as RecoveryIssuing;
  const io = { out: () => undefined, err: () => undefined };
  const options = { identity: 'ada', deliver, format: 'text' } as const;
  return recoveryLink(identities, recovery, options, io).then(
    () => to,
    (error: unknown) => [(error as { reason?: string }).reason, to],
  );
}

test('--deliver accepts email addresses', async () => {
  expect(await mailedTo(true, [SMS, EMAIL])).toBe('default');
  expect(await mailedTo('Ada@Example.com', [SMS, EMAIL])).toBe('a2');
  expect(await mailedTo('a2', [SMS, EMAIL])).toBe('a2');
});

test('--deliver without such an address is refused', async () => {
  const reason = 'The identity has no email address. Leave out --deliver and hand over the printed link or code.';
  for (const addresses of [[], [SMS]]) expect(await mailedTo(true, addresses)).toEqual([reason, 'nothing was issued']);
  expect(await mailedTo('a1', [SMS, EMAIL])).toEqual([
    '--deliver must be a recovery address of the identity, or its id.',
    'nothing was issued',
  ]);
});

test('prints warnings on stderr and passes --strict on', async () => {
  const printed: string[] = [];
  const view = { id: 'i-1', recoveryAddresses: [] } as unknown as IdentityView;
  const identities = { findByIdentifier: () => Promise.resolve(view) } as unknown as IdentityService;
  const issueLink = (_: unknown, { strict }: { strict?: boolean }): Promise<unknown> =>
    Promise.resolve({
      shown: true,
      warnings: [`strict is ${strict}`],
      issued: { link: 'https://x', expiresAt: new Date(0), messageId: null },
    });
  const io = { out: (line: string) => void printed.push(line), err: (line: string) => void printed.push(`! ${line}`) };
  const options = { identity: 'ada', strict: true, format: 'text' } as const;
  expect(await recoveryLink(identities, { issueLink } as unknown as RecoveryIssuing, options, io)).toBe(0);
  expect(printed).toEqual(['! warning: strict is true', 'https://x']);
});
