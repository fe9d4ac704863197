import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Reads the client's address from X-Forwarded-For, from right to left, as long as the hops are trusted proxies. */
export class ClientNetwork {
  readonly #trusted = new BlockList();
  readonly #any: boolean;
  #warned = false;

  /**
   * @param proxies addresses or CIDR ranges; if empty, the header is ignored
   * @param warn called once if the header arrives although no proxy is trusted
   */
  constructor(
    proxies: readonly string[],
    private readonly warn: () => void = () => undefined,
  ) {
    this.#any = proxies.length > 0;
    for (const proxy of proxies) {
      const [address = '', bits] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#trusted.addAddress(address, family);
      else this.#trusted.addSubnet(address, Number(bits), family);
    }
  }

  of(request: FastifyRequest): string {
    let client = plain(request.raw.socket.remoteAddress ?? '');
    if (!this.#any) {
      if (request.headers['x-forwarded-for'] !== undefined) this.#warnOnce();
      return client;
    }
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((hop) => plain(hop.trim()));
    while (this.#trusts(client)) {
      const next = hops.pop();
      if (next === undefined || isIP(next) === 0) break;
      client = next;
    }
    return client;
  }

  #warnOnce(): void {
    if (!this.#warned) this.warn();
    this.#warned = true;
  }

  #trusts(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/**
 * Normalizes an address: IPv4-mapped IPv6 (`::ffff:127.0.0.1`) becomes IPv4, and a port that some proxies append is
 * dropped (`192.0.2.1:443`, `[2001:db8::1]:443`).
 */
const plain = (address: string): string =>
  address
    .replace(/^(?:\[([^\]]*)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/, '$1$2')
    .replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
