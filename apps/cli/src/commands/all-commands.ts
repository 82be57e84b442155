import type { CommandSpec } from "../command.ts";
import { completion } from "./completion.ts";
import { down } from "./down.ts";
import { init } from "./init.ts";
import { status } from "./status.ts";
import { tenantAdd } from "./tenant-add.ts";
import { tenantList } from "./tenant-list.ts";
import { tenantShow } from "./tenant-show.ts";
import { token } from "./token.ts";
import { up } from "./up.ts";

/** Every command, in the order of the help. */
export const allCommands: readonly CommandSpec[] = [
  init,
  up,
  down,
  status,
  tenantList,
  tenantShow,
  tenantAdd,
  token,
  completion,
];
