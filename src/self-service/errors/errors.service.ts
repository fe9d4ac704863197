import { Injectable } from '@nestjs/common';
import { Urls } from '../../config/index.js';
import { Database } from '../../platform/database/index.js';
import { type DomainError, type ErrorBody, MissingRow } from '../../platform/errors/index.js';
import { isUuid } from '../../platform/flow/index.js';
import type { ErrorKeeper } from '../../platform/http/index.js';
import { Random } from '../../platform/random/index.js';
import { FlowErrorSchema } from './persistence/errors.entities.js';

interface KeptError {
  readonly id: string;
  /** in the form that clients see */
  readonly error: ErrorBody;
  /** only for Regain's own pages */
  readonly kind: string | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Stores errors for the page that shows them to a person. */
@Injectable()
export class ErrorsService implements ErrorKeeper {
  constructor(
    private readonly db: Database,
    private readonly random: Random,
    private readonly urls: Urls,
  ) {}

  /** Resolves to the URL of the error page, with the stored error's id. */
  async keep(error: DomainError): Promise<string> {
    const id = this.random.uuid();
    const kept = storable({ ...error.toBody(), kind: error.kind });
    await this.db.transaction((em) => em.insert(FlowErrorSchema, { id, error: kept }));
    return this.urls.ui('error', { id });
  }

  /** @throws MissingRow */
  async get(id: string | undefined): Promise<KeptError> {
    const row = isUuid(id) ? await this.db.read((em) => em.findOne(FlowErrorSchema, { id })) : null;
    if (!row) throw new MissingRow();
    const { kind, ...error } = row.error;
    return { id: row.id, error, kind, createdAt: row.createdAt, updatedAt: row.updatedAt };
  }
}

/** An error may quote the input that it refuses, and PostgreSQL can't store NUL or lone surrogates. */
function storable<T extends object>(error: T): T {
  const clean = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value;
  return JSON.parse(JSON.stringify(error, clean)) as T;
}
