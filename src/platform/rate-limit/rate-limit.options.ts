/** Injection token for the rates in force; null: no limit. */
export const RATES = Symbol('RATES');

/** Injection token for the RefusalCounter, which app.module chooses. */
export const REFUSAL_COUNTER = Symbol('REFUSAL_COUNTER');

/** Called for every refusal; must cope with a flood of them. */
export interface RefusalCounter {
  refused(action: string, targetType?: string, targetId?: string): void;
}
