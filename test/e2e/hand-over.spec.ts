import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp } from '../support/app.js';
import { handOverPeople, type HandOverPeople } from '../support/hand-over-people.js';
import { mailed } from '../support/mail.js';

let app: TestApp;
let people: HandOverPeople;
beforeAll(async () => {
  app = await startTestApp({ config: mailed('code') });
  people = handOverPeople(app);
}, 60_000);
afterAll(() => app?.stop());

const NEW = 'an entirely new pass phrase 1';
const BEING_RECOVERED = 4_019_001;
const OLD_TRIED = 1_059_001;

describe.each(['link', 'code'] as const)('a redemption by %s hands the account over', (way) => {
  test('the old password does not work until another is set, nor afterwards', async () => {
    const anna = await people.withPassword();
    const before = await people.signIn(anna);
    const owner = await people.recover(anna, way);
    expect(await people.alive(before.token)).toBe(false);
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [BEING_RECOVERED] });

    expect(await owner.messages()).toContain(OLD_TRIED);
    expect(await owner.setPassword(NEW)).toBe(200);
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [4_000_006] });
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 200 });
    expect(await people.alive(owner.token)).toBe(true);
    expect(await owner.messages()).not.toContain(OLD_TRIED);
  });

  test('a wrong password gets the usual answer', async () => {
    const anna = await people.withPassword();
    await people.recover(anna, way);
    expect(await people.signIn(anna, 'not the password')).toMatchObject({ status: 400, messages: [4_000_006] });
  });

  test('the recovery session can only set a credential', async () => {
    const anna = await people.withPassword();
    const owner = await people.recover(anna, way);
    expect(await owner.setEmail(`moved.${anna.email}`)).toBe(400);
    expect(await people.addressesOf(anna)).toEqual([anna.email]);
    expect(await owner.setPassword(NEW)).toBe(200);
    expect(await owner.setEmail(`moved.${anna.email}`)).toBe(200);
    expect(await people.addressesOf(anna)).toEqual([`moved.${anna.email}`]);
  });

  test('the same password is not a new credential; the same form sent again is saved again', async () => {
    const anna = await people.withPassword();
    const owner = await people.recover(anna, way);
    expect(await owner.setPassword(people.password)).toBe(400);
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [BEING_RECOVERED] });
    expect(await owner.setPassword(NEW)).toBe(200);
    expect(await owner.sendAgain()).toBe(200);
    expect(await owner.setPassword(NEW)).toBe(400);
    expect(await people.alive(owner.token)).toBe(true);
  });

  test('another redemption takes over: the earlier recovery session ends', async () => {
    const anna = await people.withPassword();
    const first = await people.recover(anna, way);
    const second = await people.recover(anna, way);
    expect(await people.alive(first.token)).toBe(false);
    expect(await first.setPassword(NEW)).toBe(401);
    expect(await second.setPassword(NEW)).toBe(200);
  });
});

describe('an abandoned hand-over', () => {
  test('after its end the old password works again, but such sessions cannot change what lets people in', async () => {
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'link');
    await people.lapse(anna);
    const again = await people.signIn(anna);
    expect(again.status).toBe(200);
    expect(await people.alive(owner.token)).toBe(true);
    const restricted = people.settingsOf(again.token!);
    expect(await restricted.setPassword(NEW)).toBe(400);
    expect(await restricted.setEmail(`moved.${anna.email}`)).toBe(400);
    expect(await people.addressesOf(anna)).toEqual([anna.email]);
    expect(await restricted.endOthers()).toBe(403);
    expect(await people.alive(owner.token)).toBe(true);

    const anew = await people.recover(anna, 'link');
    expect(await anew.setPassword(NEW)).toBe(200);
    expect(await people.alive(again.token)).toBe(false);
  });

  test('a day later everything is as before', async () => {
    const anna = await people.withPassword();
    await people.recover(anna, 'link');
    await people.lapse(anna, '25 hours');
    const { token } = await people.signIn(anna);
    expect(await people.settingsOf(token!).setPassword(NEW)).toBe(200);
  });

  test('a recovery session that signed out leaves the account locked until the end', async () => {
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'code');
    await people.signOut(owner.token);
    expect(await people.signIn(anna)).toMatchObject({ status: 400, messages: [BEING_RECOVERED] });
    await people.lapse(anna);
    expect(await people.signIn(anna)).toMatchObject({ status: 200 });
  });

  test('deactivation closes it', async () => {
    const anna = await people.withPassword();
    const owner = await people.recover(anna, 'link');
    await people.setState(anna, 'inactive');
    await people.setState(anna, 'active');
    expect(await people.alive(owner.token)).toBe(false);
    expect(await people.signIn(anna)).toMatchObject({ status: 200 });
  });
});

describe('precedence', () => {
  test('a self-service recovery neither takes over from an administrator nor withdraws their links', async () => {
    const anna = await people.withPassword();
    const desk = await people.issued(anna, 'link');
    const mailbox = await people.recoverByMail(anna);
    expect(mailbox).toBeDefined();
    const owner = await desk.redeem();
    expect(owner).toBeDefined();
    expect(await people.alive(mailbox!.token)).toBe(false);
    expect(await people.recoverByMail(anna)).toBeUndefined();
    expect(await owner!.setPassword(NEW)).toBe(200);
  });

  test('an administrator’s link still works after a self-service recovery has set a password', async () => {
    const anna = await people.withPassword();
    const desk = await people.issued(anna, 'code');
    const mailbox = await people.recoverByMail(anna);
    expect(await mailbox!.setPassword(NEW)).toBe(200);
    const owner = await desk.redeem();
    expect(await owner!.setPassword(`${NEW} of the owner`)).toBe(200);
    expect(await people.alive(mailbox!.token)).toBe(false);
    expect(await people.signIn(anna, NEW)).toMatchObject({ status: 400, messages: [4_000_006] });
  });

  test.each([
    ['issued before the self-service recovery', true],
    ['issued afterwards', false],
  ])(
    'passwords and addresses set after a self-service recovery do not revoke an administrator’s link, %s',
    async (_name, early) => {
      const anna = await people.withPassword();
      const before = early ? await people.issued(anna, 'link') : undefined;
      const mailbox = await people.recoverByMail(anna);
      expect(await mailbox!.setPassword(NEW)).toBe(200);
      const desk = before ?? (await people.issued(anna, 'link'));
      expect(await mailbox!.setPassword(`${NEW} again`)).toBe(200);
      const signedIn = people.settingsOf((await people.signIn(anna, `${NEW} again`)).token!);
      expect(await signedIn.setPassword(`${NEW} and again`)).toBe(200);
      expect(await signedIn.setEmail(`moved.${anna.email}`)).toBe(200);
      const owner = await desk.redeem();
      expect(await owner!.setPassword(`${NEW} of the owner`)).toBe(200);

      const late = await people.issued(anna, 'link');
      expect(await owner!.setPassword(`${NEW} of the owner again`)).toBe(200);
      expect(await late.redeem()).toBeUndefined();
    },
  );

  test('after an administrator sets a password, the person’s next password revokes links again', async () => {
    const anna = await people.withPassword();
    expect(await (await people.recoverByMail(anna))!.setPassword(NEW)).toBe(200);
    const password = `${NEW} of the desk`;
    const credentials = { password: { config: { password } } };
    const body = { schema_id: 'person', state: 'active', traits: { email: anna.email }, credentials };
    await app.admin().put(`/admin/identities/${anna.id}`).send(body).expect(200);
    const desk = await people.issued(anna, 'link');
    const signedIn = people.settingsOf((await people.signIn(anna, password)).token!);
    expect(await signedIn.setPassword(`${NEW} of their own`)).toBe(200);
    expect(await desk.redeem()).toBeUndefined();
  });
});
