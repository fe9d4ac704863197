import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Content } from './content.js';
import { Linked } from './linked.js';
import type { Locale } from './locale.js';
import { FONT, LIGHT, LINK_STYLE, MONO, STYLE_SHEET } from './styles.js';

const WIDTH = 560;
const PARAGRAPH = `margin:0 0 16px;font:16px/1.55 ${FONT};color:${LIGHT.text};overflow-wrap:anywhere`;
const LAST = PARAGRAPH.replace('0 0 16px', '0');
const SOFT = `margin:0 0 12px;font:14px/1.5 ${FONT};color:${LIGHT.soft};overflow-wrap:anywhere`;

/** Attributes that mail programs still need, though HTML types no longer include them. */
const PLAIN = { cellpadding: '0', cellspacing: '0', border: '0' };
const LAYOUT = { role: 'presentation', ...PLAIN } as const;
const WHOLE = { width: '100%' };

/** Outlook on Windows ignores max-width, so it gets a table of fixed width. */
const NARROW = `<!--[if mso]><table role="presentation" align="center" width="${WIDTH}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`;
const NARROW_END = '<!--[if mso]></td></tr></table><![endif]-->';

/** Renders the message as a self-contained document. It loads nothing, and values in it are escaped. */
export function toHtml(content: Content, brand: string, locale: Locale): string {
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">',
    renderToString(<title>{content.subject}</title>),
    `<style>${STYLE_SHEET}</style>`,
  ];
  return [
    '<!doctype html>',
    `<html lang="${locale}" dir="ltr">`,
    '<head>',
    ...head,
    '</head>',
    `<body class="page" style="margin:0;padding:0;background-color:${LIGHT.page};-webkit-text-size-adjust:100%">`,
    inLines(<Preheader text={content.preheader} />),
    `<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:${LIGHT.page}"><tr><td align="center" style="padding:32px 12px">`,
    NARROW,
    `<div lang="${locale}" style="max-width:${WIDTH}px;margin:0 auto;text-align:left">`,
    inLines(<Brand name={brand} />),
    inLines(<Card content={content} />),
    inLines(content.help === undefined ? <></> : <Help text={content.help} />),
    '</div>',
    NARROW_END,
    '</td></tr></table>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** Adds line breaks between elements, where they have no effect: readable, and short enough for mail servers. */
const inLines = (part: VNode): string => renderToString(part).replace(/(<\/(?:p|h1|div|td|tr|table)>)(?=<)/g, '$1\n');

function Preheader({ text }: { text: string }): VNode {
  return (
    <div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px">
      {text}
    </div>
  );
}

function Brand({ name }: { name: string }): VNode {
  return (
    <table {...LAYOUT} {...{ align: 'center' }} style="margin:0 auto 20px">
      <tr>
        <td
          class="accent on-accent"
          aria-hidden="true"
          align="center"
          width="36"
          height="36"
          {...{ bgcolor: LIGHT.accent }}
          style={`width:36px;height:36px;border-radius:11px;background-color:${LIGHT.accent};color:${LIGHT.onAccent};font:700 19px/36px ${FONT}`}
        >
          {initial(name)}
        </td>
        <td
          class="text"
          style={`padding-left:11px;font:600 18px/1.3 ${FONT};color:${LIGHT.text};overflow-wrap:anywhere`}
        >
          {name}
        </td>
      </tr>
    </table>
  );
}

/** The brand's first letter or digit, as on the pages. */
const initial = (brand: string): string => (/[\p{L}\p{N}]/u.exec(brand)?.[0] ?? '•').toUpperCase();

function Card({ content: { title, greeting, intro, code, action, facts, after } }: { content: Content }): VNode {
  const showsBare = action !== undefined && isWeb(action.href);
  return (
    <table {...LAYOUT} {...WHOLE} style="border-collapse:separate">
      <tr>
        <td
          class="card"
          {...{ bgcolor: LIGHT.card }}
          style={`padding:36px;border:1px solid ${LIGHT.edge};border-radius:18px;background-color:${LIGHT.card}`}
        >
          <h1
            class="text"
            style={`margin:0 0 16px;font:700 25px/1.25 ${FONT};letter-spacing:-0.02em;color:${LIGHT.text};overflow-wrap:anywhere`}
          >
            {title}
          </h1>
          <p class="text" style={PARAGRAPH}>
            {greeting}
          </p>
          <p class="text" style={PARAGRAPH}>
            {intro}
          </p>
          {code && <Code value={code} />}
          {action?.lead && (
            <p class="text" style={PARAGRAPH}>
              {action.lead}
            </p>
          )}
          {action && <Action {...action} />}
          {facts.length > 0 && <Facts rows={facts} />}
          {after.map((text, i) => (
            <p class="text" style={i < after.length - 1 || showsBare ? PARAGRAPH : LAST}>
              <Linked text={text} />
            </p>
          ))}
          {showsBare && <Bare {...action} />}
        </td>
      </tr>
    </table>
  );
}

function Code({ value }: { value: string }): VNode {
  return (
    <table {...LAYOUT} {...WHOLE} style="margin:4px 0 20px">
      <tr>
        <td
          class="field text"
          align="center"
          {...{ bgcolor: LIGHT.field }}
          style={`padding:18px 12px;border:1px solid ${LIGHT.edge};border-radius:12px;background-color:${LIGHT.field};color:${LIGHT.text};font:700 32px/1.2 ${MONO};letter-spacing:0.14em;text-indent:0.14em`}
        >
          {value}
        </td>
      </tr>
    </table>
  );
}

/** False if the secret in the link is redacted: then there is nothing to open. */
const isWeb = (href: string): boolean => /^https?:\/\//i.test(href) && URL.canParse(href);

function Action({ href, label }: NonNullable<Content['action']>): VNode {
  if (!isWeb(href))
    return (
      <p class="text" style={PARAGRAPH}>
        {href}
      </p>
    );
  return (
    <table class="wide" {...LAYOUT} style="margin:4px 0 20px">
      <tr>
        <td class="accent" align="center" {...{ bgcolor: LIGHT.accent }} style="border-radius:10px">
          <a
            href={href}
            class="button accent on-accent"
            style={`display:inline-block;padding:13px 26px;border-radius:10px;background-color:${LIGHT.accent};color:${LIGHT.onAccent};font:600 16px/1.4 ${FONT};text-align:center;text-decoration:none`}
          >
            {label}
          </a>
        </td>
      </tr>
    </table>
  );
}

/** The URL in plain sight, to copy it and to see where it leads. */
function Bare({ href, bare }: NonNullable<Content['action']>): VNode {
  return (
    <table {...LAYOUT} {...WHOLE}>
      <tr>
        <td class="line" style={`padding-top:16px;border-top:1px solid ${LIGHT.edge}`}>
          <p class="soft" style={SOFT.replace('12px', '6px')}>
            {bare}
          </p>
          <p class="soft" style={SOFT.replace('0 0 12px', '0')}>
            <a href={href} class="link" style={LINK_STYLE.replace('break-word', 'break-all')}>
              {href}
            </a>
          </p>
        </td>
      </tr>
    </table>
  );
}

function Facts({ rows }: { rows: Content['facts'] }): VNode {
  return (
    <table class="wide" {...PLAIN} style="margin:0 0 20px">
      {rows.map(([label, value]) => (
        <tr>
          <th
            class="soft"
            scope="row"
            align="left"
            style={`padding:4px 20px 4px 0;vertical-align:top;font:400 15px/1.5 ${FONT};color:${LIGHT.soft};white-space:nowrap`}
          >
            {label}
          </th>
          <td
            class="text"
            align="left"
            style={`padding:4px 0;vertical-align:top;font:600 15px/1.5 ${FONT};color:${LIGHT.text};overflow-wrap:anywhere`}
          >
            {value}
          </td>
        </tr>
      ))}
    </table>
  );
}

function Help({ text }: { text: string }): VNode {
  return (
    <table {...LAYOUT} {...WHOLE}>
      <tr>
        <td align="center" style="padding:20px 12px 0;text-align:center">
          <p class="soft" style={SOFT}>
            <Linked text={text} />
          </p>
        </td>
      </tr>
    </table>
  );
}
