/**
 * Extension: how a package declares what it adds to Regain.
 *
 * Owns: the declaration and its types. Does not own: loading extensions (config, src/extensions) or running them.
 */
export {
  defineExtension,
  type Extension,
  type ExtensionMigration,
  type ExtensionOptions,
  isExtension,
  isOfThisCopy,
  type LoadedExtension,
  schemaOf,
} from './extension.js';
