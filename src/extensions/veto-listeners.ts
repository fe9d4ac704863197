import type { IdentityView } from '../identity/index.js';
import type { Actor } from '../platform/http/index.js';
import type { Intents, Veto } from '../platform/vetoes/index.js';

const LISTENS_TO = 'regain:listens-to';

/** What a listener may look at besides the intent. */
export interface Circumstances {
  /** who acts: an access token, an operator, a person's session, or somebody whose secret was right */
  readonly actor: Actor;
  /** read when it is first asked for; undefined where it was deleted meanwhile */
  identity(): Promise<IdentityView | undefined>;
}

/** Resolves to why it must not happen, or to nothing. It has 500 ms. */
export type VetoListener<To extends keyof Intents> = (
  intent: Intents[To] & Circumstances,
) => Promise<Veto | undefined> | Veto | undefined;

type ListenerDecorator<To extends keyof Intents> = <Method extends VetoListener<To>>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

const listener =
  <To extends keyof Intents>(to: To) =>
  (): ListenerDecorator<To> =>
  (_target, _name, { value }) =>
    Reflect.defineMetadata(LISTENS_TO, to, value!);

/** A method that is asked before an administrator, or an operator, gets a link or code. When it fails, nothing is issued (503). */
export const BeforeIssue = listener('beforeIssue');
/** A method that is asked when a good link or code is presented, before it is used up. When it fails, it stays unused (503). */
export const BeforeRedeem = listener('beforeRedeem');
/** A method that is asked before a person or an administrator changes a credential. When it fails, nothing changes (503). */
export const BeforeCredentialChange = listener('beforeCredentialChange');
/** A method that is asked when a password or provider is right, before there is a session. When it fails, the person gets in. */
export const BeforeSignIn = listener('beforeSignIn');

/** What a method listens to. */
export const listensTo = (method: object): keyof Intents | undefined =>
  Reflect.getMetadata(LISTENS_TO, method) as keyof Intents | undefined;
