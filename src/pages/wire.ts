import type { UiContainer } from '../platform/ui/index.js';

/** What the pages read from a flow's API body; login, settings and recovery flows all have it. */
export interface FlowBody {
  readonly id: string;
  readonly ui: UiContainer;
  readonly state?: unknown;
  /** for login flows: a signed-in person confirms that it is them */
  readonly refresh?: boolean;
  /** where the person wants to go afterwards; checked when the flow started */
  readonly return_to?: string;
}

/** What every page shows. */
export interface Site {
  readonly brand: string;
  /** where to get help: a sentence, a mail address or a URL */
  readonly support?: string | undefined;
  /** URL of the stylesheet, relative to the page */
  readonly stylesheet: string;
}
