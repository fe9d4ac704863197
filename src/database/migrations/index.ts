import { Migration0001Initial } from './0001-initial.js';
import { Migration0002Courier } from './0002-courier.js';
import { Migration0003RateLimit } from './0003-rate-limit.js';
import { Migration0004CourierDelivery } from './0004-courier-delivery.js';
import { Migration0005SocialSignIn } from './0005-social-sign-in.js';
import { Migration0006KratosImport } from './0006-kratos-import.js';
import { Migration0007AdminDelivery } from './0007-admin-delivery.js';
import { Migration0008HashKinds } from './0008-hash-kinds.js';
import { Migration0009AuditDetail } from './0009-audit-detail.js';
import { Migration0010AdminLists } from './0010-admin-lists.js';
import { Migration0011CourierEnded } from './0011-courier-ended.js';
import { Migration0012HandingOver } from './0012-handing-over.js';
import { Migration0013AccessTokenCreatedBy } from './0013-access-token-created-by.js';
import { Migration0014SettingsContinuation } from './0014-settings-continuation.js';
import { Migration0015IdentifierSearch } from './0015-identifier-search.js';
import { Migration0016AddressHistory } from './0016-address-history.js';
import { Migration0017NoticeCount } from './0017-notice-count.js';
import { Migration0018RecoveryReset } from './0018-recovery-reset.js';
import { Migration0019KnownAndGuessed } from './0019-known-and-guessed.js';
import { Migration0020UnfinishedRecoveries } from './0020-unfinished-recoveries.js';
import { Migration0025ChangeInFlightEpoch } from './0025-change-in-flight-epoch.js';
import { Migration0026SetByMailbox } from './0026-set-by-mailbox.js';

/** In the order in which they run. Append only: never change a migration that has run anywhere. */
export const MIGRATIONS = [
  { name: '0001-initial', class: Migration0001Initial },
  { name: '0002-courier', class: Migration0002Courier },
  { name: '0003-rate-limit', class: Migration0003RateLimit },
  { name: '0004-courier-delivery', class: Migration0004CourierDelivery },
  { name: '0005-social-sign-in', class: Migration0005SocialSignIn },
  { name: '0006-kratos-import', class: Migration0006KratosImport },
  { name: '0007-admin-delivery', class: Migration0007AdminDelivery },
  { name: '0008-hash-kinds', class: Migration0008HashKinds },
  { name: '0009-audit-detail', class: Migration0009AuditDetail },
  { name: '0010-admin-lists', class: Migration0010AdminLists },
  { name: '0011-courier-ended', class: Migration0011CourierEnded },
  { name: '0012-handing-over', class: Migration0012HandingOver },
  { name: '0013-access-token-created-by', class: Migration0013AccessTokenCreatedBy },
  { name: '0014-settings-continuation', class: Migration0014SettingsContinuation },
  { name: '0015-identifier-search', class: Migration0015IdentifierSearch },
  { name: '0016-address-history', class: Migration0016AddressHistory },
  { name: '0017-notice-count', class: Migration0017NoticeCount },
  { name: '0018-recovery-reset', class: Migration0018RecoveryReset },
  { name: '0019-known-and-guessed', class: Migration0019KnownAndGuessed },
  { name: '0020-unfinished-recoveries', class: Migration0020UnfinishedRecoveries },
  { name: '0025-change-in-flight-epoch', class: Migration0025ChangeInFlightEpoch },
  { name: '0026-set-by-mailbox', class: Migration0026SetByMailbox },
];
