/** Bytes, of the whole and of what stands before the last @. */
const LONGEST = { address: 254, local: 64 };

/** What an atom cannot hold; a dot can stand between two parts. Other letters than ASCII's may stand in it. */
const ATOM = String.raw`[^\x00-\x20\x7f()<>[\]:;@\\,".]+`;
const LOCAL = new RegExp(
  String.raw`^[ \t]*(?:${ATOM}(?:\.${ATOM})*|"(?:[^\x00-\x08\x0a-\x1f\x7f"\\]|\\[^\x00-\x08\x0a-\x1f\x7f])+")$`,
  'u',
);

/** The parts of a host name: letters of ASCII, digits and hyphens, none at the end, and none where the name begins. */
export function isHostname(text: string): boolean {
  const name = text.replace(/\.$/, '');
  if (name.length > 253 || name.startsWith('-')) return false;
  return name.split('.').every((label) => /^[a-z0-9-]{0,62}[a-z0-9]$/i.test(label));
}

/**
 * An address as Kratos takes it: a dot-atom or a quoted text of at most 64 bytes, an @, a host name. `a@localhost` is one, and
 * `"a b"@example.com`. Control characters stand in none.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at === -1 || Buffer.byteLength(text) > LONGEST.address) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (Buffer.byteLength(local) > LONGEST.local || /\p{Cc}/u.test(text)) return false;
  return LOCAL.test(local) && isHostname(domain) && !domain.endsWith('.');
}
