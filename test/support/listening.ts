import { Injectable, Module } from '@nestjs/common';
import { BeforeRedeem, defineExtension } from '../../src/index.js';

@Injectable()
class Listener {
  @BeforeRedeem()
  allow(): undefined {
    return undefined;
  }
}

@Module({ providers: [Listener] })
class ListeningModule {}

/** An extension that wants to be asked before each redemption, and never refuses one. */
export const listening = defineExtension({ name: 'listening', modules: [ListeningModule] });
