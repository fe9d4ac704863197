import { BadRequest } from '../platform/errors/index.js';

/** The command line is invalid: exit code 2, as for an unknown option. */
export class WrongUsage extends BadRequest {}
