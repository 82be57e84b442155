import { createHash } from "node:crypto";
import { platformSchema } from "../../database/database-names.ts";
import type { ControlDatabase } from "../../database/control-database.ts";

/** Whether the audit trail is as it was written. */
export type AuditTrailVerdict =
  | {
      readonly kind: "intact";
      readonly events: number;
      /** Hexadecimal. Noted elsewhere, it shows later that nothing before it was written anew. */
      readonly hash: string;
    }
  | {
      readonly kind: "broken";
      /** The first position that does not follow from those before it. */
      readonly position: number;
      readonly reason: string;
    };

interface ChainRow {
  readonly position: string;
  readonly id: string;
  readonly occurred_at: Date;
  readonly actor_kind: string;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly tenant_id: string | null;
  readonly request_id: string;
  readonly details: string;
  readonly hash: Buffer;
}

const pageRows = 1_000;

/**
 * Follows the chain of hashes from the first event to the head: a row that was edited, removed or
 * put in breaks it there. Computes the hashes itself and asks the database for none. Holds a page
 * of rows at a time.
 */
export async function verifyControlAuditEvents(database: ControlDatabase): Promise<AuditTrailVerdict> {
  // The head first: what is added while the chain is followed comes after it.
  const [head] = await database.query<{ position: string; hash: Buffer; last: string | null }>(
    `select position, hash, (select max(position) from ${platformSchema}.audit_events) as last
     from ${platformSchema}.audit_head`,
  );
  if (head === undefined) return { kind: "broken", position: 0, reason: "the head is missing" };
  const end = Number(head.position);
  if (Number(head.last ?? 0) > end) {
    return { kind: "broken", position: end + 1, reason: "the row is behind the head" };
  }
  let hash: Buffer = Buffer.alloc(0);
  let position = 0;
  while (position < end) {
    const rows = await database.query<ChainRow>(
      `select position, id, occurred_at, actor_kind, actor, action, target, tenant_id, request_id, details, hash
       from ${platformSchema}.audit_events where position > $1 and position <= $2 order by position limit $3`,
      [position, end, pageRows],
    );
    if (rows.length === 0) return { kind: "broken", position: position + 1, reason: "the row is missing" };
    for (const row of rows) {
      position += 1;
      if (Number(row.position) !== position)
        return { kind: "broken", position, reason: "the row is missing" };
      hash = hashOf(hash, row);
      if (!hash.equals(row.hash)) return { kind: "broken", position, reason: "the row was changed" };
    }
  }
  return hash.equals(head.hash)
    ? { kind: "intact", events: end, hash: hash.toString("hex") }
    : { kind: "broken", position: end, reason: "the head is of another chain" };
}

/** As chainAuditEventBody computes it. */
function hashOf(previous: Buffer, row: ChainRow): Buffer {
  const hash = createHash("sha256").update(previous);
  const items = [
    row.position,
    row.id,
    String(row.occurred_at.getTime()),
    row.actor_kind,
    row.actor,
    row.action,
    row.target,
    row.tenant_id ?? "",
    row.request_id,
    row.details,
  ];
  for (const item of items) hash.update(`${Buffer.byteLength(item)}:${item}`);
  return hash.digest();
}
