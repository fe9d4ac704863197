import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import bcryptLibrary from 'bcrypt';
import { HashersConfig, RegainConfig } from '../../config/index.js';
import type { Clock } from '../../platform/clock/index.js';
import { Random } from '../../platform/random/index.js';
import type { GivenCredentials } from '../requests/identity-body.js';
import { HashRefused, PasswordUnusable } from '../identity.errors.js';
import { BoundedQueue } from './bounded-queue.js';
import { BCRYPT_BYTES, formatOf, isAffordable, isCurrent, wrapped } from './hash-formats.js';
import { LONGEST_PASSWORD } from './password-policy.js';

/** The library's const enum has no value at run time; 2 is argon2id. */
const ARGON2ID = 2;

/** Makes and checks password hashes. Limits how many run at once, because each takes memory and a core. */
@Injectable()
export class Passwords {
  readonly #queue: BoundedQueue;
  #dummy: Promise<string> | undefined;

  constructor(
    private readonly hashers: HashersConfig,
    regain: RegainConfig,
    private readonly random: Random,
  ) {
    this.#queue = new BoundedQueue(regain.hashing.concurrency, regain.hashing.queue);
  }

  /**
   * @param owner whose password it is, if that is proved
   * @throws PasswordUnusable if the algorithm would truncate the password; Unavailable if too many wait
   */
  async hash(clear: string, owner?: string): Promise<string> {
    if (clear === '') throw new PasswordUnusable('The password must not be empty.');
    if ([...clear].length > LONGEST_PASSWORD)
      throw new PasswordUnusable(`The password must be at most ${LONGEST_PASSWORD} characters long.`);
    if (this.hashers.algorithm === 'bcrypt' && Buffer.byteLength(clear) > BCRYPT_BYTES)
      throw new PasswordUnusable(`The password must be at most ${BCRYPT_BYTES} bytes long.`);
    return this.#queue.run(() => this.#make(clear), owner);
  }

  /**
   * Whether the hash matches the password. Without a hash, it verifies a dummy of the configured kind and returns
   * false, so the response time does not reveal who exists.
   * @param owner who waits for the result, if they are already proved
   */
  async verify(clear: string, hash: string | undefined, owner?: string): Promise<boolean> {
    return this.#queue.run(this.#check(clear, hash), owner);
  }

  /** Milliseconds that `verify` takes, without the time in the queue. */
  async cost(clear: string, hash: string | undefined, clock: Clock): Promise<number> {
    const check = this.#check(clear, hash);
    // Creates the dummy first, so that its cost is not measured.
    if (hash === undefined) await this.#queue.run(check);
    return this.#queue.run(async () => {
      const began = clock.monotonic();
      await check();
      return clock.monotonic() - began;
    });
  }

  #check(clear: string, hash: string | undefined): () => Promise<boolean> {
    const format = hash === undefined ? undefined : formatOf(hash);
    if (hash === undefined || format === undefined || !isAffordable(format, this.hashers)) return this.#pretend(clear);
    if ([...clear].length > LONGEST_PASSWORD) return this.#pretend('');
    if (format.kind === 'argon2') return () => argon2Verify(hash, clear);
    if (format.kind === 'imported') return () => format.hash.verify(clear);
    if (format.kind === 'wrapped')
      return () => argon2Verify(format.outerHash, format.fast.digestOf(clear).toString('base64'));
    // bcrypt would compare only the first 72 bytes; the work is done anyway, to keep the timing equal.
    const whole = Buffer.byteLength(clear) <= BCRYPT_BYTES;
    return async () => (await bcryptVerify(clear, hash)) && whole;
  }

  /** True if the hash should be replaced, now that its password is known. */
  needsRehash(hash: string): boolean {
    const format = formatOf(hash);
    return format === undefined || !isCurrent(format, this.hashers);
  }

  /**
   * The hash of a password that an administrator gave.
   * @throws HashRefused, PasswordUnusable, Unavailable
   */
  async ofGiven({ password, hashedPassword }: GivenCredentials): Promise<string | undefined> {
    if (hashedPassword !== undefined) return this.acceptImported(hashedPassword);
    return password === undefined ? undefined : this.hash(password);
  }

  /**
   * Whether an administrator's input is the password behind the stored hash: a plain-text password that verifies, or an
   * equal hash, even if it is stored wrapped.
   */
  async isSame({ password, hashedPassword }: GivenCredentials, stored: string | undefined): Promise<boolean> {
    if (stored === undefined) return false;
    if (password !== undefined) return this.verify(password, stored);
    if (hashedPassword === undefined || hashedPassword === stored) return hashedPassword === stored;
    const [given, kept] = [formatOf(hashedPassword), formatOf(stored)];
    const fast = given?.kind === 'imported' ? given.hash.fast : undefined;
    if (fast === undefined || kept?.kind !== 'wrapped' || kept.fast.blank !== fast.blank) return false;
    return this.#queue.run(() => argon2Verify(kept.outerHash, fast.digest.toString('base64')));
  }

  /**
   * Accepts a hash from another system; one that is fast to guess is wrapped in argon2id.
   * @throws HashRefused, Unavailable
   */
  async acceptImported(hash: string): Promise<string> {
    const format = formatOf(hash);
    if (format === undefined || format.kind === 'wrapped') throw HashRefused.unknownFormat();
    if (!isAffordable(format, this.hashers)) throw HashRefused.tooCostly();
    const fast = format.kind === 'imported' ? format.hash.fast : undefined;
    if (fast === undefined) return hash;
    return wrapped(fast, await this.#queue.run(() => this.#argon2id(fast.digest.toString('base64'))));
  }

  #pretend(clear: string): () => Promise<false> {
    const text = [...clear].length > LONGEST_PASSWORD ? '' : clear;
    return async () => {
      this.#dummy ??= this.#make(this.random.base62(32));
      const dummy = await this.#dummy;
      await (this.hashers.algorithm === 'bcrypt' ? bcryptVerify(text, dummy) : argon2Verify(dummy, text));
      return false;
    };
  }

  #make(clear: string): Promise<string> {
    const { algorithm, bcrypt } = this.hashers;
    return algorithm === 'bcrypt' ? bcryptLibrary.hash(clear, bcrypt.cost) : this.#argon2id(clear);
  }

  #argon2id(clear: string): Promise<string> {
    const { argon2 } = this.hashers;
    return argon2Hash(clear, {
      algorithm: ARGON2ID,
      memoryCost: argon2.memory,
      timeCost: argon2.iterations,
      parallelism: argon2.parallelism,
      outputLen: argon2.key_length,
      salt: this.random.bytes(argon2.salt_length),
    });
  }
}

/** Other names for `$2b$`: PHP's, and those without a version letter. */
function bcryptVerify(clear: string, hash: string): Promise<boolean> {
  return bcryptLibrary.compare(clear, hash.replace(/^\$2[yz]?\$/, '$2b$$'));
}
