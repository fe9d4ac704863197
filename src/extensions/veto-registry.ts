import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import type { Logger } from 'pino';
import { AuditService } from '../audit/index.js';
import { IdentityService } from '../identity/index.js';
import { Unavailable } from '../platform/errors/index.js';
import type { LoadedExtension } from '../platform/extension/index.js';
import { CurrentRequest, LOGGER } from '../platform/http/index.js';
import { type Intents, type Veto, Vetoed, type Vetoes } from '../platform/vetoes/index.js';
import { ownersOf } from './owners.js';
import { type Circumstances, listensTo, type VetoListener } from './veto-listeners.js';

/** Milliseconds that one listener has. */
const LIMIT = 500;
const ID = /^[a-z][a-z0-9_]{0,63}$/;
const LONGEST_REASON = 500;
/** A guest that fails must not lock everybody out. */
const LETS_PASS: readonly (keyof Intents)[] = ['beforeSignIn'];

interface Listener {
  readonly to: keyof Intents;
  readonly extension: string;
  readonly ask: VetoListener<never>;
}

export const EXTENSIONS = Symbol('EXTENSIONS');

/** Every listener, in the order of the extensions, then of their modules, providers and methods. */
@Injectable()
export class VetoRegistry implements Vetoes, OnApplicationBootstrap {
  #listeners: readonly Listener[] = [];

  constructor(
    @Inject(EXTENSIONS) private readonly extensions: readonly LoadedExtension[],
    private readonly modules: ModulesContainer,
    private readonly services: ModuleRef, // identity asks us: it is looked up when it is needed
    private readonly audit: AuditService,
    private readonly current: CurrentRequest,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#listeners = this.extensions.flatMap((extension) => this.#listenersOf(extension));
  }

  listens(to: keyof Intents): boolean {
    return this.#listeners.some((listener) => listener.to === to);
  }

  async ask<To extends keyof Intents>(to: To, intent: Intents[To]): Promise<void> {
    const listeners = this.#listeners.filter((listener) => listener.to === to);
    if (listeners.length === 0) return;
    const seen = { ...intent, ...this.#circumstances(intent.identityId) };
    for (const { extension, ask } of listeners) {
      const veto = await this.#answer(to, extension, () => (ask as VetoListener<To>)(seen));
      if (veto === undefined) continue;
      this.audit.refused(intent.action, 'identity', intent.identityId, { veto: veto.id });
      throw new Vetoed(veto);
    }
  }

  #circumstances(identityId: string): Circumstances {
    let found: ReturnType<Circumstances['identity']> | undefined;
    const identities = this.services.get(IdentityService, { strict: false });
    return { actor: this.current.actor, identity: () => (found ??= identities.find(identityId)) };
  }

  async #answer(
    to: keyof Intents,
    extension: string,
    ask: () => ReturnType<VetoListener<never>>,
  ): Promise<Veto | undefined> {
    try {
      return checked(await within(LIMIT, async () => ask()));
    } catch (error) {
      const { name, message } = error as Error;
      this.logger.error({ extension, veto: to, error: name }, `an extension failed: ${message}`);
      if (LETS_PASS.includes(to)) return undefined;
      throw new Unavailable('An extension that must agree does not answer.');
    }
  }

  #listenersOf(extension: LoadedExtension): Listener[] {
    const owners = ownersOf(this.extensions);
    const own = [...this.modules.values()].filter(({ metatype }) => owners.get(metatype) === extension);
    const instances = own.flatMap(({ providers }) =>
      [...providers.values()].map(({ instance }) => instance as unknown),
    );
    return [...new Set(instances)].flatMap((instance) => listenersIn(instance, extension.definition.name));
  }
}

function listenersIn(instance: unknown, extension: string): Listener[] {
  if (typeof instance !== 'object' || instance === null) return [];
  const prototype = Object.getPrototypeOf(instance) as Record<string, unknown> | null;
  return Object.getOwnPropertyNames(prototype ?? {}).flatMap((name) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    const to = typeof method === 'function' ? listensTo(method) : undefined;
    return to === undefined ? [] : [{ to, extension, ask: (method as VetoListener<never>).bind(instance) }];
  });
}

function checked(veto: Veto | undefined): Veto | undefined {
  if (veto === undefined || veto === null) return undefined;
  const { id, reason } = veto;
  if (
    typeof id === 'string' &&
    ID.test(id) &&
    typeof reason === 'string' &&
    reason !== '' &&
    reason.length <= LONGEST_REASON
  )
    return { id, reason };
  throw new Error('a veto has an id of lower case words with underscores between, and a reason of 1 to 500 characters');
}

function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
    work()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
