/** Format characters, and everything else that Unicode allows to be ignored in display: joiners, fillers, selectors. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Characters. Folding takes time quadratic in the text's length (composing marks), and no index can store anything
 * longer. A longer text is returned unchanged, so it equals no stored identifier.
 */
const LONGEST_FOLDED = 2_048;

/**
 * One pass is not always enough: removing a joiner can let two characters compose. In all tests, this many passes were.
 */
const PASSES = 4;

/**
 * The form in which identifiers and addresses are compared: two that look the same to a person have the same form. It
 * is trimmed, compatibility forms are folded (NFKC), invisible characters are removed and case is folded. Turkish
 * dotted and dotless i are one letter, and the grouping of telephone numbers is ignored. Mail is never sent to this
 * form.
 */
export function normalizeIdentifier(value: string): string {
  if (value.length > LONGEST_FOLDED) return value;
  let folded = value;
  for (let pass = 0; pass < PASSES; pass++) {
    const next = foldOnce(folded);
    if (next === folded) break;
    folded = next;
  }
  return dialled(folded);
}

/** An international number with any of the usual separators between its digits. */
const GROUPED_NUMBER = /^\+[0-9](?:[ ()./\-\u2010-\u2015]*[0-9]){5,19}$/;

/** Removes the separators from a telephone number in international form; returns any other text unchanged. */
export function dialled(value: string): string {
  return GROUPED_NUMBER.test(value) ? `+${value.replace(/[^0-9]/g, '')}` : value;
}

/** Upper case first: it joins what lower case keeps apart (ß and ss, ı and i, ς and σ). */
function foldOnce(value: string): string {
  return value
    .replace(INVISIBLE, '')
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll('i\u0307', 'i')
    .replaceAll('ς', 'σ')
    .normalize('NFKC')
    .trim();
}

/** The form that is stored, shown and used to send mail: the given text, trimmed, in lower case. */
export function displayIdentifier(value: string): string {
  return value.trim().toLowerCase();
}
