/** Injection token of the rates in force; null: no limit. */
export const RATES = Symbol('RATES');

/** Injection token of the RefusalCounter; app.module says which. */
export const REFUSAL_COUNTER = Symbol('REFUSAL_COUNTER');

/** Is told of every refusal, and must bear many of them. */
export interface RefusalCounter {
  refused(action: string, targetType?: string, targetId?: string): void;
}
