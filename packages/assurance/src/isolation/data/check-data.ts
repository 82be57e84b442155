import type { Shipment } from "../../artifacts/shipment.ts";
import { judge } from "../../rule.ts";
import type { ThemeResult } from "../../theme-result.ts";
import { dataMatrix } from "./data-matrix.ts";
import { dataModel } from "./data-model.ts";
import type { DataRule } from "./data-rule.ts";
import { backupsClosed } from "./rules/backups-closed.ts";
import { copiesStay } from "./rules/copies-stay.ts";
import {
  bucketsNotPublic,
  encrypted,
  notPublic,
  protectedFromDeletion,
  secretsHidden,
  storesRetained,
  tlsForced,
} from "./rules/kept-as-posture-says.ts";
import { logsOwn } from "./rules/logs-own.ts";
import { noMasterCredentials } from "./rules/no-master-credentials.ts";
import { placedTasksOwn } from "./rules/placed-tasks-own.ts";
import { recordsClosed } from "./rules/records-closed.ts";
import { secretsForOwnUser } from "./rules/secrets-for-own-user.ts";
import { storesAsTierSays } from "./rules/stores-as-tier-says.ts";
import { tasksNameOwnStores } from "./rules/tasks-name-own-stores.ts";

export const dataRules: readonly DataRule[] = Object.freeze([
  tasksNameOwnStores,
  storesAsTierSays,
  secretsForOwnUser,
  noMasterCredentials,
  logsOwn,
  recordsClosed,
  backupsClosed,
  copiesStay,
  placedTasksOwn,
  bucketsNotPublic,
  notPublic,
  encrypted,
  tlsForced,
  secretsHidden,
  protectedFromDeletion,
  storesRetained,
]);

/**
 * Whether every store that a tenant has for itself is its own alone, and whether what lies in stores, the shared ones too, is
 * closed, encrypted and kept.
 */
export function checkData(shipment: Shipment): ThemeResult {
  const model = dataModel(shipment);
  return {
    theme: "data",
    verdicts: dataRules.flatMap((rule) => judge(rule, shipment.environment, model)),
    matrices: [dataMatrix(model)],
  };
}
