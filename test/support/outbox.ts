import { randomUUID } from 'node:crypto';
import { insertMessage } from '../../src/courier/sql.js';
import { MessageSeal } from '../../src/courier/message-seal.js';
import { Random } from '../../src/platform/random/index.js';
import { SECRET } from './server-process.js';

type Sql = <Row extends object>(text: string, values?: unknown[]) => Promise<Row[]>;

const INSERT = `
  WITH given_ AS (SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[]) AS each_ (id, recipient, secret, key_id)),
  ${insertMessage({
    name: 'message_',
    from: 'given_',
    id: 'given_.id',
    status: `'queued'`,
    templateType: '$5',
    recipient: 'given_.recipient',
    data: '$6',
    secret: 'given_.secret',
    keyId: 'given_.key_id',
    correlationId: `'test'`,
  })}
  SELECT 1 AS one`;

export interface NewMessage {
  id: string;
  recipient: string;
  /** a code that occurs nowhere else */
  code: string;
}

const seal = new MessageSeal({ default: [SECRET], cookie: [SECRET], cipher: [SECRET] }, new Random());

/** Writes messages the way the application's statements do, each with a code in it. */
export async function writeMessages(
  sql: Sql,
  recipients: readonly string[],
  { data = {}, template = 'recovery_code_valid' }: { data?: object; template?: string } = {},
): Promise<NewMessage[]> {
  const messages = recipients.map((recipient) => ({ id: randomUUID(), recipient, code: `CANARY${randomUUID()}` }));
  const sealed = messages.map(({ id, code }) => seal.seal(id, code));
  await sql(INSERT, [
    messages.map(({ id }) => id),
    messages.map(({ recipient }) => recipient),
    sealed.map((each) => each.sealed),
    sealed.map(({ keyId }) => keyId),
    template,
    JSON.stringify({ minutes: 60, ...data }),
  ]);
  return messages;
}

export interface StoredMessage {
  id: string;
  recipient: string;
  status: string;
  send_count: number;
  trouble_count: number;
  due_in: number;
  has_secret: boolean;
  errors: string[];
}

const STORED = `
  SELECT id, recipient, status, send_count, trouble_count, extract(epoch FROM due_at - clock_timestamp())::float8 AS due_in,
    (secret IS NOT NULL OR key_id IS NOT NULL) AS has_secret,
    ARRAY(SELECT error->>'message' FROM courier_dispatch WHERE message_id = courier_message.id ORDER BY created_at) AS errors
  FROM courier_message ORDER BY created_at, id`;

export const storedMessages = (sql: Sql): Promise<StoredMessage[]> => sql<StoredMessage>(STORED);

/** Makes messages due now. */
export const makeDue = (sql: Sql, ids: readonly string[]): Promise<object[]> =>
  sql(
    `WITH due_ AS (UPDATE courier_message SET due_at = clock_timestamp() WHERE id = ANY ($1) RETURNING id)
     UPDATE regain_queue.job SET start_after = now() FROM due_ WHERE data->>'id' = due_.id::text AND state < 'active'`,
    [ids],
  );
