import { accessEntities } from '../access/persistence/access.entities.js';
import { auditEntities } from '../audit/persistence/audit.entities.js';
import { courierEntities } from '../courier/persistence/courier.entities.js';
import { identityEntities } from '../identity/persistence/identity.entities.js';
import { recoveryEntities } from '../recovery/persistence/recovery.entities.js';
import { errorsEntities } from '../self-service/errors/persistence/errors.entities.js';
import { settingsEntities } from '../self-service/settings/persistence/settings.entities.js';
import { sessionEntities } from '../session/persistence/session.entities.js';

/** All tables that the ORM knows. */
export const entities = [
  ...accessEntities,
  ...auditEntities,
  ...courierEntities,
  ...identityEntities,
  ...recoveryEntities,
  ...errorsEntities,
  ...settingsEntities,
  ...sessionEntities,
];
