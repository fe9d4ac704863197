/**
 * The second door of identity: credentials, and the passwords behind them.
 *
 * Who comes in here can let people in: self-service (login and settings) and cli, nobody else.
 */
export { Credentials } from './credentials.js';
export { type PasswordCredential } from './hot/find-password.js';
export { Passwords } from './passwords/passwords.js';
export { PasswordPolicy } from './passwords/password-policy.js';
export { HashRefused, PasswordUnusable } from './identity.errors.js';
