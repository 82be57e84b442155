import type { Traffic } from "./network-model.ts";
import { tcp, udp } from "./packet-box.ts";

/** The ports on which answers come back. */
export const answers: readonly Traffic[] = Object.freeze(
  [tcp, udp].map((protocol) => ({
    protocols: { from: protocol, to: protocol + 1 },
    ports: { from: 1024, to: 65_536 },
  })),
);

/** Whatever tells of a failed delivery opens no connection; "fragmentation needed" is one of these. */
export const errorMessages: readonly Traffic[] = Object.freeze([
  { protocols: { from: 1, to: 2 }, ports: { from: 3 * 256, to: 4 * 256 } },
  { protocols: { from: 58, to: 59 }, ports: { from: 256, to: 5 * 256 } },
]);
