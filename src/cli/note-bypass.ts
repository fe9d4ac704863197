import type { INestApplicationContext } from '@nestjs/common';
import { AuditService } from '../audit/index.js';

/** What extensions would have kept from happening is not kept from happening: `--no-extensions` leaves a trace. */
export const noteBypass = (services: INestApplicationContext): Promise<void> =>
  services.get(AuditService).recordAlone({ action: 'extensions.bypassed', outcome: 'success' });
