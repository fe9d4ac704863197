import { describe, expect, test } from 'vitest';
import { renderTemplate } from './templates.js';

describe('messages', () => {
  test('have the recorded subjects', () => {
    expect(renderTemplate('recovery_valid', 'https://id.example/l', { minutes: 60 }).subject).toBe(
      'Recover access to your account',
    );
    expect(renderTemplate('recovery_code_valid', '482913', { minutes: 60 }).subject).toBe(
      'Use code 482913 to recover access to your account',
    );
  });

  test('hold the link or code on a line of its own', () => {
    const link = renderTemplate('recovery_valid', 'https://id.example/l', { minutes: 60 }).body;
    expect(link.split('\n')).toContain('https://id.example/l');
    expect(renderTemplate('recovery_code_valid', '482913', { minutes: 60 }).body.split('\n')).toContain('482913');
  });

  test('for addresses that nobody has hold no secret', () => {
    for (const type of ['recovery_invalid', 'recovery_code_invalid'] as const) {
      const { subject, body } = renderTemplate(type, 'SECRET', { minutes: 60 });
      expect(subject + body).not.toContain('SECRET');
    }
  });

  test.each([
    [1, 'within the next minute.'],
    [0.5, 'within the next minute.'],
    [15, 'within the next 15 minutes.'],
    [119.9, 'within the next 119 minutes.'],
    [180, 'within the next 3 hours.'],
  ])('say how long: %d minutes', (minutes, words) => {
    expect(renderTemplate('recovery_valid', 'x', { minutes }).body).toContain(words);
  });
});
