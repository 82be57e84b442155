import type { TenantStore } from "../../../src/tenant-store/tenant-store.ts";
import type { Player } from "./arena.ts";

/**
 * One attack. It is run by an attacker of each isolation against a victim of each isolation, and
 * holds when nothing of the victim comes back and nothing of the victim has changed.
 */
export type Probe = Attack & {
  /** What is tried; the line in the golden matrix. */
  readonly name: string;
  /** Why the outcome is not "held" for some attackers although nothing can be done. */
  readonly visible?: string;
};

type Attack =
  /** Statements as an injection would run them, inside the transaction that the door has opened. */
  | {
      readonly kind: "raw";
      readonly sql: (attacker: Player, victim: Player) => readonly string[];
      readonly mode?: "read" | "write";
    }
  /** Two statements, one about something the victim has and one about nothing: their outcomes must be the same. */
  | {
      readonly kind: "oracle";
      readonly pair: (attacker: Player, victim: Player) => readonly [string, string];
    }
  /** The victim's transaction comes first on a session, the attacker's second. */
  | {
      readonly kind: "after-victim";
      readonly victim: (victim: Player) => readonly string[];
      readonly attacker: (attacker: Player, victim: Player) => readonly string[];
    }
  /** The attacker's transaction comes first; the victim's query after it must answer as if alone. */
  | {
      readonly kind: "before-victim";
      readonly attacker: (attacker: Player, victim: Player) => readonly string[];
      readonly victim: (victim: Player) => string;
      /** Whether the attacker's transaction is left failed instead of committed. */
      readonly end?: "commit" | "rollback";
    }
  /** Through the store, as a handler with a mistake would. */
  | { readonly kind: "door"; readonly run: DoorAttack };

export type DoorAttack = (door: DoorContext) => Promise<unknown>;

export interface DoorContext {
  readonly store: TenantStore;
  readonly attacker: Player;
  readonly victim: Player;
}
