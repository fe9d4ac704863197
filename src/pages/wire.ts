import type { UiContainer } from '../platform/ui/index.js';

/** What the pages read of a flow's wire body; login, settings and recovery flows all have it. */
export interface FlowBody {
  readonly id: string;
  readonly ui: UiContainer;
  readonly state?: unknown;
  /** of login flows: the person is signed in and confirms that it is really them */
  readonly refresh?: boolean;
  /** where the person wants to go afterwards, checked when the flow began */
  readonly return_to?: string;
}

/** What every page shows, whatever it is about. */
export interface Site {
  readonly brand: string;
  /** a sentence, a mail address or a URL: whom to ask */
  readonly support?: string | undefined;
  /** the stylesheet's address, relative to the page */
  readonly stylesheet: string;
}
