import { DomainError } from '../errors/index.js';

/** What challenges of the admin API begin with. */
export const ADMIN_CHALLENGE = 'Bearer realm="admin"';

/** The token is valid, but what it asks for needs another scope (RFC 6750, section 3.1). */
export class InsufficientScope extends DomainError {
  readonly status = 403;
  override readonly id = 'insufficient_scope';
  override readonly reason: string;
  override readonly headers: Record<string, string>;

  /**
   * @param scopes what the token lacks
   * @param anyOf true if one of the scopes is enough; a challenge cannot express "or", so it names the first
   * @param reason what to do instead; absent: the scopes by name
   */
  constructor(scopes: readonly string[], { anyOf = false, reason }: { anyOf?: boolean; reason?: string } = {}) {
    super('The requested action was forbidden');
    this.reason = reason ?? `The personal access token lacks the scope ${scopes.join(anyOf ? ' or ' : ' ')}.`;
    const challenged = (anyOf ? scopes.slice(0, 1) : scopes).join(' ');
    this.headers = { 'www-authenticate': `${ADMIN_CHALLENGE}, error="insufficient_scope", scope="${challenged}"` };
  }
}
