import { OneOf } from '../keys.js';

/** `log` in kratos.yml. */
export class LogConfig {
  @OneOf('trace', 'debug', 'info', 'warning', 'error', 'fatal', 'panic') readonly level: string = 'info';
  @OneOf('json', 'text') readonly format: 'json' | 'text' = 'json';
}
