import { claimAlarms } from './alarms.ts';
import { claimChanges, claimReplacements } from './changes.ts';
import { claimDeliveries } from './deliveries.ts';
import { claimFreshStage } from './fresh.ts';
import { claimRevocation, claimRotation } from './keys.ts';
import { claimConnection, claimRecords, claimThrottling } from './operation.ts';
import { claimQueues } from './queues.ts';

// In an order in which what takes its time in AWS passes while something else is tried.
claimFreshStage();
claimConnection();
claimDeliveries();
claimThrottling();
claimQueues();
claimRotation();
claimChanges();
claimRevocation();
claimAlarms();
claimRecords();
claimReplacements();
