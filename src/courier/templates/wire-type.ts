import type { TemplateType } from './template-message.js';

/** `template_type` of Kratos' `message`, as far as we send such messages. */
export const WIRE_TEMPLATE_TYPES = [
  'recovery_invalid',
  'recovery_valid',
  'recovery_code_invalid',
  'recovery_code_valid',
  'stub',
] as const;
type WireTemplateType = (typeof WIRE_TEMPLATE_TYPES)[number];

const WIRE: Record<TemplateType, WireTemplateType> = {
  recovery_valid: 'recovery_valid',
  recovery_invalid: 'recovery_invalid',
  recovery_code_valid: 'recovery_code_valid',
  recovery_code_invalid: 'recovery_code_invalid',
  recovery_link_admin: 'recovery_valid',
  recovery_code_admin: 'recovery_code_valid',
  recovery_not_yet: 'stub',
  password_changed: 'stub',
  password_removed: 'stub',
  second_factor_removed: 'stub',
  recovered: 'stub',
  recovery_unfinished: 'stub',
  address_changed: 'stub',
  address_changed_undo: 'stub',
  notice_digest: 'stub',
  social_connected: 'stub',
  social_disconnected: 'stub',
};

/**
 * How a template appears in `GET /admin/courier/messages`. Strict clients refuse a whole page of messages for one
 * `template_type` that Kratos does not know, so what an administrator sends appears as the kind that it is, and a notice
 * as `stub`, the one value of Kratos' that promises nothing about the content. The own name goes into a field of our
 * own, `template`, which clients leave alone; it is absent where it would say the same, so that the rest of the answer
 * stays Kratos'.
 */
export function wireTemplate(type: TemplateType): { template_type: WireTemplateType; template?: TemplateType } {
  const wire = WIRE[type];
  return wire === type ? { template_type: wire } : { template_type: wire, template: type };
}
