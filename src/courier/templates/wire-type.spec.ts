import { MessageTemplateTypeEnum } from '@ory/kratos-client';
import { expect, test } from 'vitest';
import { TEMPLATE_TYPES } from './template-message.js';
import { WIRE_TEMPLATE_TYPES, wireTemplate } from './wire-type.js';

test("every template appears as a type known to Kratos' clients", () => {
  const known: string[] = Object.values(MessageTemplateTypeEnum);
  for (const type of TEMPLATE_TYPES) expect(known, type).toContain(wireTemplate(type).template_type);
  expect(known).toEqual(expect.arrayContaining([...WIRE_TEMPLATE_TYPES]));
});

test("Regain's own name is included if it differs", () => {
  expect(wireTemplate('recovery_code_valid')).toEqual({ template_type: 'recovery_code_valid' });
  expect(wireTemplate('recovery_link_admin')).toEqual({
    template_type: 'recovery_valid',
    template: 'recovery_link_admin',
  });
  expect(wireTemplate('password_changed')).toEqual({ template_type: 'stub', template: 'password_changed' });
});
