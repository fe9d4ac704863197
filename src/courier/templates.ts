/** Kratos' names of the messages that recovery sends. */
export type TemplateType = 'recovery_valid' | 'recovery_invalid' | 'recovery_code_valid' | 'recovery_code_invalid';

export interface TemplateData {
  /** how long the link or code works */
  readonly minutes: number;
}

export interface RenderedMessage {
  readonly subject: string;
  readonly body: string;
}

/** @param secret the code, or the whole link */
type Template = (secret: string, data: TemplateData) => RenderedMessage;

const unknownAddress: Template = () => ({
  subject: 'Account access attempted',
  body: lines(
    'Hello,',
    'somebody, probably you, asked to recover an account with this email address. No account has it.',
    'If it was you, try the address that you signed up with. If it was not, you can ignore this message.',
  ),
});

/** English, plain text. Subjects are the wire's. */
const TEMPLATES: Record<TemplateType, Template> = {
  recovery_valid: (link, { minutes }) => ({
    subject: 'Recover access to your account',
    body: lines(
      'Hello,',
      'to get back into your account, open this link:',
      link,
      `It works once, within the next ${duration(minutes)}. Do not pass it on.`,
      'If you did not ask for it, you can ignore this message: nothing has changed.',
    ),
  }),
  recovery_invalid: unknownAddress,
  recovery_code_valid: (code, { minutes }) => ({
    subject: `Use code ${code} to recover access to your account`,
    body: lines(
      'Hello,',
      'to get back into your account, enter this code on the page where you asked for it:',
      code,
      `It works once, within the next ${duration(minutes)}. Do not pass it on: we never ask for it.`,
      'If you did not ask for it, you can ignore this message: nothing has changed.',
    ),
  }),
  recovery_code_invalid: unknownAddress,
};

export function renderTemplate(type: TemplateType, secret: string, data: TemplateData): RenderedMessage {
  return TEMPLATES[type](secret, data);
}

export const isTemplateType = (text: string): text is TemplateType => Object.hasOwn(TEMPLATES, text);

const lines = (...paragraphs: string[]): string => `${paragraphs.join('\n\n')}\n`;

function duration(minutes: number): string {
  if (minutes >= 120) return `${Math.floor(minutes / 60)} hours`;
  return minutes > 1 ? `${Math.floor(minutes)} minutes` : 'minute';
}
