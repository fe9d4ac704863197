import { expect, test } from 'vitest';
import { deviceText } from './content.js';
import { sayIn } from './words.js';

const english = sayIn('en');

test.each([
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox on Windows'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1',
    'Chrome on iPad',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36',
    'Samsung Internet on Android',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'Chrome on ChromeOS',
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0',
    'Opera on Linux',
  ],
  ['Mozilla/5.0 (Linux; Android 14) Something/1.0', 'Android'],
  ['curl/8.11.0', 'unknown'],
  ['', 'unknown'],
  ['<script>alert(1)</script> Call 0900 123 456 now: https://evil.example', 'unknown'],
  ['Firefox/<img src=x> on Windows; https://evil.example', 'Firefox on Windows'],
])('%s', (userAgent, words) => {
  expect(deviceText(userAgent, english)).toBe(words);
});

test('in the language of the message', () => {
  expect(deviceText('Firefox/133.0 (Windows)', sayIn('de'))).toBe('Firefox unter Windows');
  expect(deviceText('', sayIn('es'))).toBe('desconocido');
});
