/** Format characters and everything else that Unicode says may be ignored when shown: joiners, fillers, selectors. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Characters. Folding takes time that grows with the square of a text's length (composing marks), and no index holds what is
 * longer: such a text is left as it is, and equals no identifier that there is.
 */
const LONGEST_FOLDED = 2_048;

/** One pass does not always reach the end (a removed joiner lets two characters compose); this many always did. */
const PASSES = 4;

/**
 * What two identifiers or addresses are compared by: two that a person cannot tell apart have the same form.
 * Trimmed, compatibility forms folded (NFKC), invisible characters removed, case folded; the dotted and dotless
 * i of Turkish are one letter; a telephone number is one however it is grouped. Mail never goes to this form.
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

/** An international number with whatever people put between its digits. */
const GROUPED_NUMBER = /^\+[0-9](?:[ ()./\-\u2010-\u2015]*[0-9]){5,19}$/;

/** A telephone number in international form without what only groups its digits; any other text as it is. */
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

/** What is kept to be shown and to send mail to: as given, in lower case, without spaces around it. */
export function displayIdentifier(value: string): string {
  return value.trim().toLowerCase();
}
