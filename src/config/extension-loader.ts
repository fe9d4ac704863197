import type { Extension } from '../platform/extension/index.js';
import type { Problem } from './config.errors.js';

/** A module as listed in the configuration, and the directory it is relative to. */
export interface ListedModule {
  readonly module: string;
  readonly from: string;
}

export interface FoundExtension {
  readonly module: string;
  readonly definition: Extension;
}

/** Loads the listed extensions. Reports problems instead of throwing. */
export interface ExtensionLoader {
  load(listed: readonly ListedModule[]): Promise<{ found: readonly FoundExtension[]; problems: readonly Problem[] }>;
}
