import { type CanActivate, Injectable, NotFoundException } from '@nestjs/common';
import { RegainConfig } from '../config/index.js';

/** With `regain.ui.enabled: false`, everything under /ui is not found. */
@Injectable()
export class PagesGuard implements CanActivate {
  constructor(private readonly regain: RegainConfig) {}

  canActivate(): boolean {
    if (!this.regain.ui.enabled) throw new NotFoundException();
    return true;
  }
}
