/** What may be mailed to an address now, no matter who asks, and whether or not the address belongs to an account. */
export interface MailBudget {
  /** nothing is sent: the mailbox already has a mail that works */
  readonly withheld: boolean;
  /**
   * the secret must be too long to guess, because this is the last mail of its window, or no guesses of short codes are
   * left
   */
  readonly unguessable: boolean;
  /** minimum lifespan of the secret in seconds: the last mail of a window must work until the window ends */
  readonly least: number;
}

/** For addresses that no mail can reach. */
export const NO_MAIL: MailBudget = { withheld: true, unguessable: false, least: 0 };
