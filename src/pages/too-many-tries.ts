import { Injectable } from '@nestjs/common';
import type { DomainError } from '../platform/errors/index.js';
import type { Answer, RefusalPage } from '../platform/http/index.js';
import { inWords, TooManyRequests } from '../platform/rate-limit/index.js';
import { PageAnswers } from './page-answers.js';

/** The page after too many submissions. It says when to try again, and neither reads nor stores anything. */
@Injectable()
export class TooManyTriesPage implements RefusalPage {
  constructor(private readonly answers: PageAnswers) {}

  show(error: DomainError, reference: string): Answer {
    const wait = error instanceof TooManyRequests ? inWords(error.retryAfter) : undefined;
    const wayOut = error instanceof TooManyRequests ? error.wayOut : undefined;
    return this.answers.error({ status: error.status, wait, wayOut }, reference);
  }
}
