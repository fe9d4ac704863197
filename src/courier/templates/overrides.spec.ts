import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../config/index.js';
import { sampleMessage } from './samples.js';
import { TEMPLATE_TYPES } from './template-message.js';
import { placeholdersOf } from './override-values.js';
import { Templates } from './templates.js';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'overrides-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

const sender = { brand: 'Ben & Co', support: 'help@example.com' };
const load = (): Templates => Templates.load(sender, directory);

/** The problem reported for each file, by its path below the directory. */
function refused(): Record<string, string> {
  try {
    load();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const said: Record<string, string> = {};
    for (const { path, message } of error.problems) {
      const file = path.startsWith(directory) ? path.slice(directory.length + 1) : path;
      said[file] = said[file] === undefined ? message : `${said[file]}\n${message}`;
    }
    return said;
  }
  return {};
}

describe('own files', () => {
  test('replace only their own part in their own language', () => {
    write('recovery_valid/de.subject', 'Ihr Link von {{brand}}\n');
    write('recovery_valid/de.text', 'Hier: {{link}}\r\n({{ minutes }} Minuten, also {{expires_in}})\n');
    write('recovery_valid/fr.html', '<p>{{brand}}: <a href="{{link}}">ici</a></p>');
    const built = new Templates(sender);
    const templates = load();
    const de = templates.render(sampleMessage('recovery_valid', 'de'));
    const link = sampleMessage('recovery_valid', 'de').secret ?? '';
    expect(de.subject).toBe('Ihr Link von Ben & Co');
    expect(de.text).toBe(`Hier: ${link}\n(60 Minuten, also 1 Stunde)\n`);
    expect(de.html).toBe(built.render(sampleMessage('recovery_valid', 'de')).html);
    const fr = templates.render(sampleMessage('recovery_valid', 'fr'));
    expect(fr.html).toBe(`<p>Ben &amp; Co: <a href="${link.replace('&', '&amp;')}">ici</a></p>`);
    expect(fr.text).toBe(built.render(sampleMessage('recovery_valid', 'fr')).text);
    for (const type of TEMPLATE_TYPES)
      expect(templates.render(sampleMessage(type, 'en'))).toEqual(built.render(sampleMessage(type, 'en')));
  });

  test.each(TEMPLATE_TYPES)('%s: every placeholder is filled in', (type) => {
    const text = placeholdersOf(type)
      .map((name) => `${name}={{${name}}}`)
      .join('\n');
    write(`${type}/es.text`, text);
    const filled = load().render(sampleMessage(type, 'es')).text;
    expect(filled.split('\n').filter((line) => /=$|\{\{/.test(line))).toEqual([]);
    expect(filled).toContain('brand=Ben & Co');
  });

  test('values are escaped and not expanded again', () => {
    write('social_connected/en.html', '<p title="{{provider}}">{{provider}}</p>');
    write('social_connected/en.subject', '{{provider}}');
    const sample = sampleMessage('social_connected', 'en');
    const provider = '"><script>{{brand}}</script>\r\nBcc: x';
    const { html, subject } = load().render({ ...sample, data: { ...sample.data, provider } } as typeof sample);
    const escaped = '&quot;&gt;&lt;script&gt;{{brand}}&lt;/script&gt; Bcc: x';
    expect(html).toBe(`<p title="${escaped}">${escaped}</p>`);
    expect(subject).toBe('"><script>{{brand}}</script> Bcc: x');
  });

  test('may have a style sheet, and words that look like attributes', () => {
    const html = '<style>@media print{.a{color:red}}</style><p>Carry on = stay calm</p>';
    write('recovered/en.html', html);
    expect(load().render(sampleMessage('recovered', 'en')).html).toBe(html);
  });

  test('are read once', () => {
    write('recovered/en.subject', 'Back');
    const templates = load();
    write('recovered/en.subject', 'Changed');
    expect(templates.render(sampleMessage('recovered', 'en')).subject).toBe('Back');
  });

  test('a subject is one line, whatever characters break it', () => {
    write('recovered/en.subject', 'One\u2028Two\tThree');
    expect(load().render(sampleMessage('recovered', 'en')).subject).toBe('One Two Three');
  });

  test('dotfiles and a README are ignored; without a directory, nothing is read', () => {
    write('README.md', '{{ .Anything }}');
    write('.git/config.gotmpl', '');
    expect(refused()).toEqual({});
    expect(Templates.load(sender, undefined).render(sampleMessage('recovered', 'en')).subject).toBe(
      'Your account was recovered',
    );
  });
});

test('templates for messages that are never sent cause a warning that names them', () => {
  for (const path of ['verification_code/valid/email.body.gotmpl', 'login_code/valid/email.subject.gotmpl', 'otp/x'])
    write(path, '{{ .VerificationCode }}');
  write('recovered/en.subject', 'Welcome back');
  expect(Templates.check({ template_override_path: directory })).toEqual([
    'courier.template_override_path: Regain never sends these messages, so their templates have no effect: login_code, otp, verification_code',
  ]);
  expect(load().render(sampleMessage('recovered', 'en')).subject).toBe('Welcome back');
});

describe('rejected at startup, with what to change', () => {
  test.each([
    ['recovery_valid/en.text', 'Open {{url}}: {{link}}', /^\{\{url\}\} cannot be filled in; available: \{\{link\}\}, /],
    ['recovery_valid/en.text', 'Hello', /^must contain \{\{link\}\}/],
    ['recovery_link_admin/en.html', '<p>Hello</p>', /^must contain \{\{link\}\}/],
    ['recovery_code_valid/en.text', '{{link}}', /^\{\{link\}\} cannot be filled in/],
    ['recovery_code_admin/en.text', '{{page}}', /^must contain \{\{code\}\}/],
    [
      'recovered/en.text',
      '{{code}}',
      /^\{\{code\}\} cannot be filled in; available: \{\{time\}\}, \{\{device\}\}, \{\{method\}\}/,
    ],
    ['recovered/en.text', '{{time}} {{device}', /^has \{\{ without a valid placeholder/],
    ['recovered/en.text', '{{Time}}', /^has \{\{ without a valid placeholder/],
    ['recovered/en.text', ' \n', /^is empty/],
    ['recovered/en.text', 'a\u0000b', /^has control characters/],
    ['recovered/en.subject', 'One\nTwo', /^must be one line/],
    ['recovered/en.subject', 'x'.repeat(201), /^must be at most 200 characters/],
    ['recovery_valid/en.subject', 'Open {{link}}', /^must not contain \{\{link\}\}/],
    ['recovered/en.html', '<p onclick="x()">Hello</p>', /^has a script/],
    ['recovered/en.html', '<script>1</script>', /^has a script/],
    ['recovered/it.text', 'Ciao', /^must be named <locale>\.<part>/],
    ['recovered/en.txt', 'Hello', /^must be named <locale>\.<part>/],
    ['recovered/en.text.bak', 'Hello', /^must be named <locale>\.<part>/],
    ['recovered/more/en.text', 'Hello', /^must be named <locale>\.<part>/],
    ['recoverd/en.text', 'Hello', /^is not in a template's directory; templates are recovery_valid, /],
    ['en.text', 'Hello', /^is not in a template's directory/],
    ['recovered/en.text', Buffer.from([0x48, 0xff, 0xfe]), /^is not UTF-8/],
    ['recovered/en.html', 'x'.repeat(100_001), /^is larger than 100000 bytes/],
  ])('%s: %j', (path, text, message) => {
    write(path, text);
    expect(refused()).toEqual({ [path]: expect.stringMatching(message) as string });
  });

  test.each([
    '{{ .RecoveryURL }}',
    '{{define "x"}}',
    '{{- .Code -}}',
    '{{ if .X }}a{{ end }}',
    '{{ range $i := .Y }}',
    '{{ template "a" }}',
    '{{/* hi */}}',
    '{{ printf "%s" .Z }}',
    '{{ $x }}',
  ])('a Go template: %s', (action) => {
    write('recovery_valid/en.text', `{{link}} ${action}`);
    expect(refused()['recovery_valid/en.text']).toBe(
      'is a Go template, which Regain does not run; rewrite it with plain placeholders instead: {{link}} for {{ .RecoveryURL }}, {{code}} for {{ .RecoveryCode }} (docs/mail.md)',
    );
  });

  test("a directory with Kratos' templates: each one gets its new name", () => {
    write('recovery/valid/email.body.gotmpl', '{{ .RecoveryURL }}');
    write('recovery_code/valid/email.subject.gotmpl', 'Use {{ .RecoveryCode }}');
    write('recovery/valid/sms.body.gotmpl', '');
    expect(refused()).toEqual({
      'recovery/valid/email.body.gotmpl': expect.stringContaining(
        'write recovery_valid/en.html with plain placeholders',
      ) as string,
      'recovery_code/valid/email.subject.gotmpl': expect.stringContaining(
        'write recovery_code_valid/en.subject with',
      ) as string,
      'recovery/valid/sms.body.gotmpl': expect.stringContaining('does not send in this form; remove it') as string,
    });
  });

  test('a wrong directory: lists a few of its files and the number of the rest', () => {
    for (let i = 0; i < 300; i++) write(`node_modules/package-${i}/index.js`, '');
    const problems = refused();
    expect(Object.keys(problems)).toHaveLength(21);
    expect(problems['courier.template_override_path']).toBe(
      'contains 280 more unusable files: is it the right directory?',
    );
  });

  test('all files at once, without their text', () => {
    write('recovery_valid/en.text', 'PRIVATE');
    write('recovery_valid/de.text', 'PRIVATE');
    const problems = refused();
    expect(Object.keys(problems)).toEqual(['recovery_valid/de.text', 'recovery_valid/en.text']);
    expect(JSON.stringify(problems)).not.toContain('PRIVATE');
  });

  test('a missing directory', () => {
    const load = (): Templates => Templates.load(sender, join(directory, 'missing'));
    expect(load).toThrow(/courier\.template_override_path: .*missing cannot be read \(ENOENT\): set a directory/);
  });

  test('a dangling link', () => {
    mkdirSync(join(directory, 'recovered'));
    symlinkSync(join(directory, 'nowhere'), join(directory, 'recovered/en.text'));
    expect(refused()).toEqual({ 'recovered/en.text': 'cannot be read (ENOENT); give the server read access' });
  });
});
