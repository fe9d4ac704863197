const NAME = String.raw`(?:"(?:[^"]|"")+"|\b[a-z_][\w$]*)`;
/** Two or more names with dots between, each of them with or without quotes. */
const QUALIFIED = new RegExp(String.raw`${NAME}(?:\s*\.\s*${NAME})+`, 'gi');
const NAMES = new RegExp(NAME, 'gi');
/**
 * What PostgreSQL reads as one piece: names in quotes, comments (nested once), texts, and bodies between dollars. A quote
 * or a dash within one of them begins nothing else.
 */
const PIECES =
  /"(?:[^"]|"")*"|--[^\n]*|\/\*(?:(?!\/\*|\*\/)[\s\S]|\/\*(?:(?!\*\/)[\s\S])*\*\/)*\*\/|\be'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|\$((?:[a-z_]\w*)?)\$([\s\S]*?)\$\1\$/gi;
/** The one thing of ours that a table of an extension may point to. */
const OUR_IDENTITY = /\breferences\s+public\s*\.\s*identity\s*\(\s*id\s*\)/gi;
/** What would take a statement out of the extension's schema, or hides a name from this check. */
const LEAVES =
  /\b(search_path|(?:create|drop|alter|set|set\s+local)\s+schema|set\s+(?:session\s+|local\s+)?role|session\s+authorization|(?:reset|discard)\s+all)\b|\bu&(?=")/i;
/** The same by a function, whose argument is a text. */
const SETS = /\bset_config\s*\(\s*'(search_path|role|session_authorization)'/i;

/**
 * What a statement of an extension names outside of its own schema. Names without a schema are the extension's: its
 * connections look nowhere else.
 *
 * @param migrates a foreign key to identity(id) is fine
 */
export function foreignTables(sql: string, own: string, { migrates = false } = {}): string[] {
  const text = code(sql).replace(migrates ? OUR_IDENTITY : /$^/, ' ');
  const names = (text.match(QUALIFIED) ?? [])
    .map((chain) => (chain.match(NAMES) ?? []).map(plain))
    .filter(([first = '', ...more]) => isForeign(first, own) || more.slice(0, -1).some((name) => isForeign(name, own)))
    .map((chain) => chain.join('.'));
  const [, sets] = SETS.exec(sql) ?? [];
  const [leaves = sets] = LEAVES.exec(text) ?? [];
  return [...new Set([...names, ...(leaves === undefined ? [] : [leaves])])];
}

/** The statement without comments and texts; the bodies of functions are code, too. */
const code = (sql: string): string =>
  sql.replace(PIECES, (piece, _, body: string | undefined) => {
    if (body !== undefined) return ` ${code(body)} `;
    return piece.startsWith('"') ? piece : ' ';
  });

const isForeign = (name: string, own: string): boolean => name !== own && isSchema(name);

/** An alias is not: nobody calls one public. */
const isSchema = (name: string): boolean => /^(public|ext_.*|pg_toast|information_schema|regain_.*)$/.test(name);

const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
