import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { UnknownAdminRouteController } from './unknown-route.admin.controller.js';

@Module({
  controllers: [HealthController, UnknownAdminRouteController],
  providers: [Readiness],
  exports: [Readiness],
})
export class HealthModule {}
