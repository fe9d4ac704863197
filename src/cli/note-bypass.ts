import type { INestApplicationContext } from '@nestjs/common';
import { AuditService } from '../audit/index.js';

/** Records `--no-extensions` in the audit trail, because it bypasses whatever extensions would have blocked. */
export const noteBypass = (services: INestApplicationContext): Promise<void> =>
  services.get(AuditService).recordAlone({ action: 'extensions.bypassed', outcome: 'success' });
