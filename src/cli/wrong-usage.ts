import { BadRequest } from '../platform/errors/index.js';

/** The command line asks for something that no command does: exit code 2, as for an option that does not exist. */
export class WrongUsage extends BadRequest {}
