/** Bytes, of the whole address and of the part before the last @. */
const LONGEST = { address: 254, local: 64 };

/** Characters that can't be part of an atom; a dot may separate two atoms. Non-ASCII letters are allowed. */
const ATOM = String.raw`[^\x00-\x20\x7f()<>[\]:;@\\,".]+`;
const LOCAL = new RegExp(
  String.raw`^[ \t]*(?:${ATOM}(?:\.${ATOM})*|"(?:[^\x00-\x08\x0a-\x1f\x7f"\\]|\\[^\x00-\x08\x0a-\x1f\x7f])+")$`,
  'u',
);

/** The labels of a host name: ASCII letters, digits and hyphens. No hyphen may end a label or start the name. */
export function isHostname(text: string): boolean {
  const name = text.replace(/\.$/, '');
  if (name.length > 253 || name.startsWith('-')) return false;
  return name.split('.').every((label) => /^[a-z0-9-]{0,62}[a-z0-9]$/i.test(label));
}

/**
 * A mail address as Kratos accepts it: a dot-atom or a quoted string of at most 64 bytes, an @, a host name.
 * `a@localhost` and `"a b"@example.com` are valid; control characters are not.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at === -1 || Buffer.byteLength(text) > LONGEST.address) return false;
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (Buffer.byteLength(local) > LONGEST.local || /\p{Cc}/u.test(text)) return false;
  return LOCAL.test(local) && isHostname(domain) && !domain.endsWith('.');
}
