import { expect, test } from 'vitest';
import type { IdentityService, IdentityView } from '../identity/index.js';
import type { RecoveryService } from '../recovery/index.js';
import { recoveryLink } from './recovery.js';

const SMS = { id: 'a1', via: 'sms', value: '+4930123456' };
const EMAIL = { id: 'a2', via: 'email', value: 'ada@example.com' };

/** To whom a link goes, or why it does not. */
async function mailedTo(deliver: string | true, recoveryAddresses: readonly object[]): Promise<unknown> {
  let to: unknown = 'nothing was issued';
  const view = { id: 'i-1', recoveryAddresses } as unknown as IdentityView;
  const identities = { findByIdentifier: () => Promise.resolve(view) } as unknown as IdentityService;
  const issueLink = (_: unknown, handover: { deliver?: { to: string } }): Promise<unknown> => {
    to = handover.deliver?.to;
    return Promise.resolve({ shown: false, warnings: [], issued: { messageId: 'm-1', expiresAt: new Date(0) } });
  };
  const recovery = { issueLink } as unknown as RecoveryService;
  const io = { out: () => undefined, err: () => undefined };
  const options = { identity: 'ada', deliver, format: 'text' } as const;
  return recoveryLink(identities, recovery, options, io).then(
    () => to,
    (error: unknown) => [(error as { reason?: string }).reason, to],
  );
}

test('--deliver takes addresses that mail reaches', async () => {
  expect(await mailedTo(true, [SMS, EMAIL])).toBe('default');
  expect(await mailedTo('Ada@Example.com', [SMS, EMAIL])).toBe('a2');
  expect(await mailedTo('a2', [SMS, EMAIL])).toBe('a2');
});

test('--deliver without such an address is refused in words of the command line', async () => {
  const reason = 'The identity has no address to mail to: leave --deliver out and hand over what is printed.';
  for (const addresses of [[], [SMS]]) expect(await mailedTo(true, addresses)).toEqual([reason, 'nothing was issued']);
  expect(await mailedTo('a1', [SMS, EMAIL])).toEqual([
    '--deliver takes a recovery address that the identity has, or its id.',
    'nothing was issued',
  ]);
});

test('what keeps a link from being of use goes to the error output, --strict to who decides', async () => {
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
  expect(await recoveryLink(identities, { issueLink } as unknown as RecoveryService, options, io)).toBe(0);
  expect(printed).toEqual(['! warning: strict is true', 'https://x']);
});
