import { MikroORM } from '@mikro-orm/core';
import type pg from 'pg';
import { expect, test, vi } from 'vitest';
import { defineExtension, type Extension } from '../../src/index.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { newLink, pressButton } from '../support/links.js';
import { listening } from '../support/listening.js';
import { person, signIn } from '../support/sign-in.js';

/** Those that something costs: names where they have one. */
async function statementsOf(of: TestApp, work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const connection = of.get(MikroORM).em.getConnection() as unknown as {
    getNativeClient(): Promise<{ Client: typeof pg.Client }>;
  };
  const { Client } = await connection.getNativeClient(); // the ORM's own driver
  const query = Client.prototype.query as (...given: unknown[]) => unknown;
  const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { name?: string; text?: string }];
    seen.push(typeof first === 'string' ? first : (first.name ?? first.text ?? ''));
    return query.apply(this, given) as never;
  } as never);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return seen;
}

/** What a link costs from its issue to its redemption, and a sign-in. */
async function costsWith(extensions: readonly Extension[]): Promise<string[]> {
  const of = await startTestApp({ extensions });
  try {
    const [them, other] = [await person(of), await person(of)];
    return await statementsOf(of, async () => {
      await pressButton(of, await newLink(of, them.id));
      await signIn(of, other);
    });
  } finally {
    await of.stop();
  }
}

test('nobody looks ahead where nobody listens; for a listener a good link is looked up once', async () => {
  const none = await costsWith([]);
  const mute = await costsWith([defineExtension({ name: 'mute' })]);
  const heardOut = await costsWith([listening]);
  expect(none).toContain('redeem_recovery_link');
  expect(mute).toEqual(none);
  expect(heardOut.filter((name) => name === 'find_redeemable_link')).toHaveLength(1);
  expect(heardOut.filter((name) => name !== 'find_redeemable_link')).toEqual(none);
});
