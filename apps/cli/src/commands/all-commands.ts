import type { CommandSpec } from "../command.ts";
import { audit } from "./audit.ts";
import { check } from "./check.ts";
import { completion } from "./completion.ts";
import { cost } from "./cost.ts";
import { deploy } from "./deploy.ts";
import { destroy } from "./destroy.ts";
import { diagnose } from "./diagnose.ts";
import { down } from "./down.ts";
import { imagesBuild } from "./images-build.ts";
import { imagesPush } from "./images-push.ts";
import { init } from "./init.ts";
import { keyCreate } from "./key-create.ts";
import { keyList } from "./key-list.ts";
import { keyRevoke } from "./key-revoke.ts";
import { logs } from "./logs.ts";
import { memberChange } from "./member-change.ts";
import { memberInvite } from "./member-invite.ts";
import { memberList } from "./member-list.ts";
import { memberRemove } from "./member-remove.ts";
import { operationCancel } from "./operation-cancel.ts";
import { operationList } from "./operation-list.ts";
import { operationShow } from "./operation-show.ts";
import { plan } from "./plan.ts";
import { signingKeyList } from "./signing-key-list.ts";
import { signingKeyRotate } from "./signing-key-rotate.ts";
import { status } from "./status.ts";
import { synth } from "./synth.ts";
import { tenantAdd } from "./tenant-add.ts";
import { tenantExport } from "./tenant-export.ts";
import { tenantList } from "./tenant-list.ts";
import { tenantMove } from "./tenant-move.ts";
import { tenantRemove } from "./tenant-remove.ts";
import { tenantResume } from "./tenant-resume.ts";
import { tenantShow } from "./tenant-show.ts";
import { tenantSuspend } from "./tenant-suspend.ts";
import { token } from "./token.ts";
import { up } from "./up.ts";

/** Every command, in the order of the help. */
export const allCommands: readonly CommandSpec[] = [
  init,
  up,
  down,
  status,
  synth,
  check,
  cost,
  plan,
  deploy,
  destroy,
  diagnose,
  imagesBuild,
  imagesPush,
  tenantList,
  tenantShow,
  tenantAdd,
  tenantSuspend,
  tenantResume,
  tenantMove,
  tenantExport,
  tenantRemove,
  operationList,
  operationShow,
  operationCancel,
  memberList,
  memberInvite,
  memberChange,
  memberRemove,
  keyList,
  keyCreate,
  keyRevoke,
  audit,
  logs,
  token,
  signingKeyList,
  signingKeyRotate,
  completion,
];
