import type { CourierConfig, RegainConfig } from '../../config/index.js';
import { contentOf } from './content.js';
import { toHtml } from './html.js';
import type { Overrides } from './override-file.js';
import { overridden } from './override-values.js';
import { readOverrides } from './overrides.js';
import type { RenderedMessage, Sender, TemplateMessage } from './template-message.js';
import { toText } from './text.js';
import { inOneLine } from './words.js';

/** Renders messages in every language, using texts from the operator's own files where they exist. */
export class Templates {
  readonly #sender: Sender;
  readonly #overrides: Overrides;

  constructor(sender: Sender, overrides: Overrides = new Map()) {
    const support = inOneLine(sender.support ?? '');
    this.#sender = { brand: inOneLine(sender.brand), ...(support && { support }) };
    this.#overrides = overrides;
  }

  /**
   * @param directory `courier.template_override_path`, whose files are read here, once
   * @throws ConfigurationError listing every unusable file
   */
  static load(sender: Sender, directory: string | undefined): Templates {
    return new Templates(sender, directory ? readOverrides(directory).overrides : undefined);
  }

  /**
   * As configured.
   * @throws ConfigurationError as `load`
   */
  static configured({ ui }: RegainConfig, { template_override_path }: CourierConfig): Templates {
    return Templates.load({ brand: ui.brand.name, support: ui.support }, template_override_path);
  }

  /**
   * Warnings about files of the operator that have no effect, as sentences.
   * @throws ConfigurationError as `load`
   */
  static check({ template_override_path: directory }: Pick<CourierConfig, 'template_override_path'>): string[] {
    return directory ? readOverrides(directory).warnings : [];
  }

  render(message: TemplateMessage): RenderedMessage {
    const content = contentOf(message, this.#sender);
    const own = overridden(message, this.#sender, this.#overrides);
    return {
      subject: inOneLine(own.subject ?? content.subject),
      text: own.text ?? toText(content),
      html: own.html ?? toHtml(content, this.#sender.brand, message.locale),
    };
  }
}
