import { ConfigurationError, type CourierConfig } from '../../config/index.js';
import { type KeyPair, readKeyPair, UnusableKeyPair } from '../../platform/tls/index.js';

/**
 * Reads the courier's TLS client certificate; undefined if none is configured or mail is not sent by SMTP. Only a
 * process that delivers needs it.
 *
 * @throws ConfigurationError listing everything that is wrong, never the contents of a file
 */
export async function readClientCertificate({ delivery_strategy, smtp }: CourierConfig): Promise<KeyPair | undefined> {
  const { client_cert_path: cert, client_key_path: key } = smtp;
  if (delivery_strategy !== 'smtp' || smtp.server === undefined || cert === '') return undefined;
  try {
    return await readKeyPair({ cert: { path: cert, base64: '' }, key: { path: key, base64: '' } });
  } catch (error) {
    if (!(error instanceof UnusableKeyPair)) throw error;
    throw new ConfigurationError(
      error.flaws.map(({ part, message }) => ({ path: `courier.smtp.client_${part}_path`, message })),
    );
  }
}
