import type { TemplateType } from './template-message.js';

/** The values of `template_type` in Kratos' `message` that we use. */
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
 * How a template appears in `GET /admin/courier/messages`. Strict clients reject a whole page of messages if one
 * `template_type` is unknown to Kratos. So an administrator's message appears as the closest type, and a notice as
 * `stub`, the one value that promises nothing about the content. Our own name goes into the extra field `template`,
 * which clients ignore. The field is absent if it would repeat `template_type`, so that the answer stays Kratos'.
 */
export function wireTemplate(type: TemplateType): { template_type: WireTemplateType; template?: TemplateType } {
  const wire = WIRE[type];
  return wire === type ? { template_type: wire } : { template_type: wire, template: type };
}
