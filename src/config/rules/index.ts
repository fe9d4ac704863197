import { baseUrlsRule } from './base-urls.rule.js';
import { cookiesRule } from './cookies.rule.js';
import { courierRule } from './courier.rule.js';
import { databaseRule } from './database.rule.js';
import { handOverRule } from './hand-over.rule.js';
import { identityRule } from './identity.rule.js';
import { listenersRule } from './listeners.rule.js';
import { methodsRule } from './methods.rule.js';
import { pagesRule } from './pages.rule.js';
import { recoveryRule } from './recovery.rule.js';
import { returnUrlsRule } from './return-urls.rule.js';
import type { Rule } from './rule.js';
import { secretsRule } from './secrets.rule.js';
import { tlsRule } from './tls.rule.js';

/** All rules that involve more than one value. */
export const RULES: readonly Rule[] = [
  databaseRule,
  secretsRule,
  listenersRule,
  tlsRule,
  baseUrlsRule,
  pagesRule,
  identityRule,
  handOverRule,
  returnUrlsRule,
  recoveryRule,
  methodsRule,
  cookiesRule,
  courierRule,
];
