import { describe, expect, test } from 'vitest';
import { LOCALES } from './locale.js';
import { sampleMessage } from './samples.js';
import { TEMPLATE_TYPES } from './template-message.js';
import { Templates } from './templates.js';

const templates = new Templates({ brand: 'Example', support: 'help@example.com' });

/** Every message in every language, as people receive it: `__snapshots__/<template>.<locale>.txt` and `.html`. */
describe.each(TEMPLATE_TYPES)('%s', (type) => {
  test.each(LOCALES)('%s', async (locale) => {
    const { subject, text, html } = templates.render(sampleMessage(type, locale));
    const path = `__snapshots__/${type}.${locale}`;
    await expect(`Subject: ${subject}\n\n${text}`).toMatchFileSnapshot(`${path}.txt`);
    await expect(html).toMatchFileSnapshot(`${path}.html`);
  });
});
