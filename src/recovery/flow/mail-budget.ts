/** What may be mailed to an address now, whoever asks and whether or not anybody has it. */
export interface MailBudget {
  /** nothing: a mail that still opens the account is in the mailbox already */
  readonly withheld: boolean;
  /** a secret that nobody guesses: the last mail of its window, or guesses of short codes are used up */
  readonly unguessable: boolean;
  /** seconds that the secret must work at least: the last mail of a window works as long as that */
  readonly least: number;
}

/** For what no mail can be sent to. */
export const NO_MAIL: MailBudget = { withheld: true, unguessable: false, least: 0 };
