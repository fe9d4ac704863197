import { deviceOf } from './device.js';
import type { NoticeData, Sender, TemplateMessage, TemplateType } from './template-message.js';
import { inOneLine, readableTime, type Say, sayIn, span } from './words.js';

/** The content of a message, shared by its plain-text and HTML versions so that both say the same. */
export interface Content {
  readonly subject: string;
  /** shown after the subject in mail lists */
  readonly preheader: string;
  readonly title: string;
  readonly greeting: string;
  readonly intro: string;
  readonly code?: string;
  readonly action?: {
    /** introduces the link, if the intro does not */
    readonly lead?: string;
    readonly href: string;
    readonly label: string;
    /** shown above the bare URL */
    readonly bare: string;
  };
  /** separates the label of a fact from its value in plain text */
  readonly colon: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly after: readonly string[];
  /** whom to ask; absent if `after` already says so */
  readonly help?: string;
}

export function contentOf(message: TemplateMessage, { brand, support }: Sender): Content {
  const say = sayIn(message.locale);
  /** A text in the message's language, with the values that every text may use. */
  const tell: Say = (key, values) => say(key, { brand, support, ...values });
  /** The text, or its `_unnamed` variant if no support contact is configured. */
  const ask = (key: string): string => tell(support ? key : `${key}_unnamed`);
  const help = ask('help');
  switch (message.type) {
    case 'recovery_invalid':
    case 'recovery_code_invalid':
      return unknownAddress(tell, help);
    case 'recovery_valid':
    case 'recovery_code_valid':
      return { ...recovery(message, tell), after: [once(message, tell), tell('recovery.unasked')], help };
    case 'recovery_link_admin':
    case 'recovery_code_admin':
      return { ...recovery(message, tell), after: [once(message, tell), ask('recovery.unasked_admin')] };
    case 'recovery_not_yet': {
      const time = readableTime(message.data.worksFrom, message.locale) ?? '—';
      const intro = tell('recovery_not_yet.intro', { time });
      return {
        ...basics(message.type, tell, intro),
        facts: [],
        after: [ask('recovery_not_yet.advice'), tell('recovery.unasked')],
      };
    }
    case 'address_changed_undo':
      return undo(message, tell, ask);
    case 'notice_digest': {
      const when = readableTime(message.data.at, message.locale);
      const counts = NOTICE_TYPES.filter((type) => message.data.counts[type] !== undefined).map(
        (type) => [tell(`notice_digest.${type}`), String(message.data.counts[type])] as const,
      );
      const last = when === undefined ? [] : [[tell('notice_digest.last'), when] as const];
      return { ...basics(message.type, tell), facts: [...counts, ...last], after: [tell('mine'), ask('not_mine')] };
    }
    case 'recovered':
      return notice(message, tell, ask, tell(`recovered.intro_${message.data.method}`));
    case 'recovery_unfinished': {
      const { contained = false } = message.data;
      const intro = tell(contained ? 'recovery_unfinished.intro_contained' : 'recovery_unfinished.intro');
      const next = contained ? ask('recovery_unfinished.locked') : tell('recovery_unfinished.again');
      return { ...notice(message, tell, ask, intro), after: [next, ask('not_mine')] };
    }
    case 'social_connected':
    case 'social_disconnected': {
      const provider = inOneLine(message.data.provider);
      return notice(message, (key, values) => tell(key, { provider, ...values }), ask);
    }
    case 'password_changed':
    case 'password_removed':
    case 'second_factor_removed':
    case 'address_changed':
      return notice(message, tell, ask);
  }
}

const NOTICE_TYPES = [
  'recovered',
  'recovery_unfinished',
  'password_changed',
  'password_removed',
  'second_factor_removed',
  'address_changed',
  'social_connected',
  'social_disconnected',
] as const satisfies readonly TemplateType[];

function unknownAddress(tell: Say, help: string): Content {
  const title = tell('recovery_unknown.title');
  return { ...basics('recovery_unknown', tell), title, facts: [], after: [tell('recovery_unknown.advice')], help };
}

type Basics = Pick<Content, 'subject' | 'preheader' | 'title' | 'greeting' | 'intro' | 'colon'>;

function basics(key: TemplateType | 'recovery_unknown', tell: Say, intro = tell(`${key}.intro`)): Basics {
  const subject = tell(`${key}.subject`);
  return {
    subject,
    preheader: tell(`${key}.preheader`),
    title: subject,
    greeting: tell('greeting'),
    intro,
    colon: tell('colon'),
  };
}

type Recovery = Exclude<Extract<TemplateMessage, { secret: string }>, { type: 'address_changed_undo' }>;

function recovery(message: Recovery, tell: Say): Omit<Content, 'after'> {
  const secret = inOneLine(message.secret);
  const title = tell('recovery.title');
  const bare = tell('bare_link');
  if (message.type === 'recovery_valid' || message.type === 'recovery_link_admin')
    return {
      ...basics(message.type, tell),
      title,
      action: { href: secret, label: tell('recovery.action'), bare },
      facts: [],
    };
  const start = {
    ...basics(message.type, (key, values) => tell(key, { code: secret, ...values })),
    title,
    code: secret,
  };
  if (message.type === 'recovery_code_valid') return { ...start, facts: [] };
  const lead = tell('recovery_code_admin.enter');
  const label = tell('recovery_code_admin.action');
  return { ...start, action: { lead, href: inOneLine(message.data.page), label, bare }, facts: [] };
}

/** How long it works, and a warning not to share it. */
function once({ type, data }: Recovery, tell: Say): string {
  const { unit, count } = span(data.minutes);
  const isCode = type === 'recovery_code_valid' || type === 'recovery_code_admin';
  const what = tell(isCode ? 'this_code' : 'this_link');
  return `${tell(`once_${unit}`, { count, what })} ${tell(isCode ? 'keep_code' : 'keep_link')}`;
}

type Notice = Exclude<Extract<TemplateMessage, { data: NoticeData }>, { type: 'notice_digest' }>;

function notice(message: Notice, tell: Say, ask: (key: string) => string, intro?: string): Content {
  const { byAdministrator = false, endsOlder = false } = message.data;
  return {
    ...basics(message.type, tell, intro),
    facts: factsOf(message, tell),
    after: [
      ...(endsOlder ? [tell('ends_older')] : []),
      ...(byAdministrator ? [tell('theirs'), ask('unexpected')] : [tell('mine'), ask('not_mine')]),
    ],
  };
}

/** A notice with a link, below the facts, for people who do not want the change. */
function undo(
  message: Extract<TemplateMessage, { type: 'address_changed_undo' }>,
  tell: Say,
  ask: (key: string) => string,
): Content {
  const { unit, count } = span(message.data.minutes);
  const action = {
    lead: tell('address_changed_undo.lead'),
    href: message.secret,
    label: tell('address_changed_undo.action'),
    bare: tell('bare_link'),
  };
  const { after, ...said } = notice(message, tell, ask);
  return { ...said, action, after: [tell(`once_${unit}`, { count, what: tell('this_link') }), ...after] };
}

function factsOf({ data, locale }: Notice, tell: Say): Content['facts'] {
  const when = readableTime(data.at, locale);
  const by = data.byAdministrator
    ? ([tell('fact_by'), tell('administrator')] as const)
    : ([tell('fact_device'), deviceText(data.userAgent ?? '', tell)] as const);
  return when === undefined ? [by] : [[tell('fact_when'), when], by];
}

/** `Firefox on Windows`, or as much of it as is known. */
export function deviceText(userAgent: string, tell: Say): string {
  const { browser, system } = deviceOf(userAgent);
  if (browser && system) return tell('device_on', { browser, system });
  return browser ?? system ?? tell('device_unknown');
}
