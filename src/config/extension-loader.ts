import type { Extension } from '../platform/extension/index.js';
import type { Problem } from './config.errors.js';

/** A module that a configuration lists: as it is written, and the directory that it is relative to. */
export interface ListedModule {
  readonly module: string;
  readonly from: string;
}

export interface FoundExtension {
  readonly module: string;
  readonly definition: Extension;
}

/** Finds the extensions that a configuration lists. Reports what is wrong with each; never throws for it. */
export interface ExtensionLoader {
  load(listed: readonly ListedModule[]): Promise<{ found: readonly FoundExtension[]; problems: readonly Problem[] }>;
}
