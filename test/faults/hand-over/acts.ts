import { Browser, type Page } from '../../support/browser.js';
import type { Node } from '../../support/cluster.js';
import { OLD, type Person, type Stage } from './stage.js';

/** The outcome of a request that might grant access. */
export interface Done {
  /** milliseconds: when the deciding request was sent, and when its answer arrived */
  readonly sent: number;
  readonly answered: number;
  readonly status: number;
  /** of the session that it opened */
  readonly token?: string | undefined;
  /** ids of the form's messages */
  readonly says: readonly number[];
}

interface Asking {
  token?: string | undefined;
  body?: object;
}

interface Body {
  id?: string;
  session_token?: string;
  continue_with?: { ory_session_token?: string }[];
  ui?: { action: string; messages?: { id: number }[]; nodes: { attributes: { name: string; value?: string } }[] };
}

export type Answer = Done & { readonly body: Body };

/** A prepared attempt to open the account, to be used when its time comes. */
export type Ready = () => Promise<Done>;

const SESSION = 'ory_kratos_session';
const fieldOf = ({ ui }: Body, name: string): string =>
  ui?.nodes.find(({ attributes }) => attributes.name === name)?.attributes.value ?? '';

async function ask(node: Node, method: string, path: string, { token, body }: Asking = {}): Promise<Answer> {
  const sent = performance.now();
  const answer = await fetch(`${node.process.place.publicUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(token === undefined ? {} : { 'x-session-token': token }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const answered = performance.now();
  const given = (text === '' ? {} : JSON.parse(text)) as Body;
  const says = (given.ui?.messages ?? []).map(({ id }) => id);
  const opened = given.session_token ?? given.continue_with?.[0]?.ory_session_token;
  return { sent, answered, status: answer.status, token: opened, says, body: given };
}

/** A page's answer; a session in it counts as opened by this request. */
async function timed(browser: Browser, act: () => Promise<Page>): Promise<Done> {
  browser.cookies.delete(SESSION);
  const sent = performance.now();
  const { status } = await act();
  return { sent, answered: performance.now(), status, token: browser.cookies.get(SESSION), says: [] };
}

/** What people do with an account, each on the given node. One call is one attempt. */
export class Acts {
  constructor(private readonly stage: Stage) {}

  async signIn(node: Node, person: Person, password = OLD): Promise<Done> {
    return (await this.loginForm(node, person, password))();
  }

  /**
   * A sign-in by password with its form loaded.
   * @param confirms a session of the same person that it confirms
   */
  async loginForm(node: Node, { email }: Person, password = OLD, confirms?: string): Promise<Ready> {
    const query = confirms === undefined ? '' : '?refresh=true';
    const { body } = await ask(node, 'GET', `/self-service/login/api${query}`, { token: confirms });
    const fields = { method: 'password', identifier: email, password };
    return () => ask(node, 'POST', `/self-service/login?flow=${body.id}`, { token: confirms, body: fields });
  }

  /** A browser that is about to return from the provider. */
  async backFromProvider(node: Node, { sub }: Person): Promise<Ready> {
    const browser = new Browser();
    const json = { accept: 'application/json' };
    const begun = await browser.get(`${node.process.place.publicUrl}/self-service/login/browser`, json);
    const flow = JSON.parse(begun.text) as Body;
    const fields = { provider: 'acme', csrf_token: fieldOf(flow, 'csrf_token') };
    const away = await browser.post(node.at(flow.ui!.action), fields);
    const back = await this.stage.provider.authorize(away.location, sub);
    return () => timed(browser, () => browser.get(node.at(back.href)));
  }

  async signInThere(node: Node, person: Person): Promise<Done> {
    return (await this.backFromProvider(node, person))();
  }

  /** A code mailed by self-service. The mail is read as someone with access to the mailbox would. */
  async mailedCode(node: Node, { email }: Person): Promise<Ready> {
    const { body } = await ask(node, 'GET', '/self-service/recovery/api');
    const submit = (fields: object) =>
      ask(node, 'POST', `/self-service/recovery?flow=${body.id}`, { body: { method: 'code', ...fields } });
    await submit({ email });
    const code = /\b\d{6}\b/.exec(await this.#newestMailTo(email))?.[0] ?? '000000';
    return () => submit({ code });
  }

  async #newestMailTo(email: string): Promise<string> {
    const path = `/admin/courier/messages?recipient=${encodeURIComponent(email)}`;
    const mails = (await this.stage.nodes[0].admin('GET', path, 200)) as { body: string; template_type: string }[];
    return mails.find(({ template_type }) => template_type === 'recovery_code_valid')?.body ?? '';
  }

  /**
   * An administrator's link, opened up to the button.
   * @param more further fields of the administrator's request
   */
  async deskLink(node: Node, person: Person, more: object = {}): Promise<Ready> {
    return this.openLink(node, await this.issueLink(node, person, more));
  }

  async issueLink(node: Node, { id }: Person, more: object = {}): Promise<string> {
    const issued = await node.admin('POST', '/admin/recovery/link', 200, { identity_id: id, ...more });
    return (issued as { recovery_link: string }).recovery_link;
  }

  /** A browser at the button of a link; each call presses it. */
  async openLink(node: Node, link: string, browser = new Browser()): Promise<Ready> {
    const opened = await browser.get(node.at(link));
    const { action, fields } = (await browser.get(node.at(opened.location))).form();
    return () => timed(browser, () => browser.post(node.at(action), fields));
  }

  /** The button of a link in one browser, pressed on each of the nodes. */
  async twice(nodes: readonly Node[], link: string): Promise<Ready[]> {
    const browser = new Browser();
    const opened = await browser.get(nodes[0]!.at(link));
    const { action, fields } = (await browser.get(nodes[0]!.at(opened.location))).form();
    return nodes.map((node) => () => {
      const copy = new Browser();
      for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
      return timed(copy, () => copy.post(node.at(action), fields));
    });
  }

  /** An administrator's code. */
  async deskCode(node: Node, { id }: Person, more: object = {}): Promise<Ready> {
    const issued = await node.admin('POST', '/admin/recovery/code', 201, {
      identity_id: id,
      flow_type: 'api',
      ...more,
    });
    const { recovery_link, recovery_code: code } = issued as { recovery_link: string; recovery_code: string };
    const flow = new URL(recovery_link).searchParams.get('flow');
    return () => ask(node, 'POST', `/self-service/recovery?flow=${flow}`, { body: { method: 'code', code } });
  }

  whoami(node: Node, token: string | undefined): Promise<Answer> {
    return ask(node, 'GET', '/sessions/whoami', { token: token ?? 'none' });
  }

  async alive(node: Node, token: string | undefined): Promise<boolean> {
    return (await this.whoami(node, token)).status === 200;
  }

  sessions(node: Node, token: string): Promise<Answer> {
    return ask(node, 'GET', '/sessions', { token });
  }

  endOthers(node: Node, token: string): Promise<Done> {
    return ask(node, 'DELETE', '/sessions', { token });
  }

  endOther(node: Node, token: string, sessionId: string): Promise<Done> {
    return ask(node, 'DELETE', `/sessions/${sessionId}`, { token });
  }

  signOut(node: Node, token: string): Promise<Done> {
    return ask(node, 'DELETE', '/self-service/logout/api', { body: { session_token: token } });
  }

  /** A form of the session's settings; undefined if it gets none. */
  async settingsForm(node: Node, token: string): Promise<((fields: object) => Promise<Done>) | undefined> {
    const { status, body } = await ask(node, 'GET', '/self-service/settings/api', { token });
    if (status !== 200) return undefined;
    return (fields) => ask(node, 'POST', `/self-service/settings?flow=${body.id}`, { token, body: fields });
  }

  /** Submits new settings; resolves to the answer to the form's request if there is no form. */
  async change(node: Node, token: string, fields: object): Promise<Done> {
    const form = await this.settingsForm(node, token);
    return form === undefined ? this.whoami(node, token) : form(fields);
  }

  setPassword(node: Node, token: string, password: string): Promise<Done> {
    return this.change(node, token, { method: 'password', password });
  }

  /**
   * Connects an account in a round trip to the provider. Native clients cannot do this, so a browser gets the session as
   * its cookie.
   */
  async connect(node: Node, { sub }: Person, token: string): Promise<Page> {
    const browser = new Browser();
    browser.cookies.set(SESSION, token);
    const json = { accept: 'application/json' };
    const begun = await browser.get(`${node.process.place.publicUrl}/self-service/settings/browser`, json);
    const flow = JSON.parse(begun.text) as Body;
    const away = await browser.post(node.at(flow.ui!.action), {
      link: 'acme',
      csrf_token: fieldOf(flow, 'csrf_token'),
    });
    const back = await this.stage.provider.authorize(away.location, sub);
    return browser.get(node.at(back.href));
  }

  async setState(node: Node, { id }: Person, state: 'active' | 'inactive'): Promise<void> {
    await node.admin('PATCH', `/admin/identities/${id}`, 200, [{ op: 'replace', path: '/state', value: state }]);
  }

  cancel(node: Node, token: string): Promise<Done> {
    return this.change(node, token, { hand_over: 'cancel' });
  }

  /** Asks an administrator to extend the session; false for a 404, when it is not live. */
  async extend(node: Node, sessionId: string): Promise<boolean> {
    return node.admin('PATCH', `/admin/sessions/${sessionId}/extend`, 200).then(
      () => true,
      () => false,
    );
  }
}
