/** A name with another one behind its dot, either of them in quotes. */
const QUALIFIED = /("(?:[^"]|"")+"|\b[a-z_][\w$]*)\s*\.\s*("(?:[^"]|"")+"|[a-z_][\w$]*)/gi;
const COMMENTS_AND_TEXTS = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g;
/** The one thing of ours that a table of an extension may point to. */
const OUR_IDENTITY = /\breferences\s+public\s*\.\s*identity\s*\(\s*id\s*\)/gi;
/** What would take a statement out of the extension's schema. */
const LEAVES = /\b(search_path|(?:create|drop|alter)\s+schema|set\s+(?:session\s+|local\s+)?role)\b/i;

/**
 * What a statement of an extension names outside of its own schema. Names without a schema are the extension's: its
 * connections look nowhere else.
 *
 * @param migrates a foreign key to identity(id) is fine
 */
export function foreignTables(sql: string, own: string, { migrates = false } = {}): string[] {
  const text = sql.replace(COMMENTS_AND_TEXTS, ' ').replace(migrates ? OUR_IDENTITY : /$^/, ' ');
  const names = [...text.matchAll(QUALIFIED)]
    .map(([, schema = '', table = '']) => ({ schema: plain(schema), table: plain(table) }))
    .filter(({ schema }) => schema !== own && isSchema(schema))
    .map(({ schema, table }) => `${schema}.${table}`);
  const [leaves] = LEAVES.exec(text) ?? [];
  return [...new Set([...names, ...(leaves === undefined ? [] : [leaves])])];
}

/** An alias is not: nobody calls one public. */
const isSchema = (name: string): boolean => /^(public|ext_.*|pg_toast|information_schema|regain_.*)$/.test(name);

const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
