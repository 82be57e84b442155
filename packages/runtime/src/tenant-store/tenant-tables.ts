import type { ColumnType } from "kysely";

/** The tables that every tenant has, in the pool, in its schema or in its database. */
export interface TenantTables {
  readonly documents: DocumentsTable;
  readonly roles: RolesTable;
  readonly members: MembersTable;
  readonly invitations: InvitationsTable;
  readonly sign_ins: SignInsTable;
  readonly api_keys: ApiKeysTable;
  readonly files: FilesTable;
  readonly usage_days: UsageDaysTable;
  readonly audit_events: AuditEventsTable;
  readonly idempotency_keys: IdempotencyKeysTable;
}

/** Set by the database when the row is made. */
type CreatedAt = ColumnType<Date, never, never>;
/** Set by the database when the row is made, and by each change. */
type UpdatedAt = ColumnType<Date, never, Date>;
/** Counts up by one with each change; the ETag. */
type Version = ColumnType<number, number | undefined, number>;

export interface DocumentsTable {
  readonly tenant_id: string;
  readonly collection: string;
  readonly id: string;
  readonly body: ColumnType<JsonObject, string, string>;
  readonly version: Version;
  readonly created_at: CreatedAt;
  readonly updated_at: UpdatedAt;
}

export interface RolesTable {
  readonly tenant_id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly version: Version;
  readonly created_at: CreatedAt;
  readonly updated_at: UpdatedAt;
}

export interface MembersTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  /** A built-in role, or the name of a row in `roles`. */
  readonly role: string;
  readonly status: ColumnType<"active" | "suspended", "active" | "suspended" | undefined>;
  readonly password_hash: string | null;
  readonly version: Version;
  readonly created_at: CreatedAt;
  readonly updated_at: UpdatedAt;
}

export interface InvitationsTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly token_hash: string;
  readonly invited_by: string;
  readonly expires_at: Date;
  readonly created_at: CreatedAt;
}

export interface SignInsTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly member_id: string;
  readonly refresh_hash: string;
  readonly spent_refresh_hash: string | null;
  readonly user_agent: string;
  readonly created_at: CreatedAt;
  readonly refreshed_at: ColumnType<Date, Date | undefined>;
  readonly expires_at: Date;
  readonly revoked_at: Date | null;
}

export interface ApiKeysTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly secret_hash: string;
  readonly permissions: readonly string[];
  readonly created_by: string;
  readonly created_at: CreatedAt;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
}

export interface FilesTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  /** PostgreSQL's bigint arrives as text. */
  readonly size_bytes: ColumnType<string, number, number>;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly created_by: string;
  readonly version: Version;
  readonly created_at: CreatedAt;
  readonly updated_at: UpdatedAt;
}

export interface UsageDaysTable {
  readonly tenant_id: string;
  /** `2026-01-31`, UTC. */
  readonly day: string;
  readonly metric: string;
  /** PostgreSQL's bigint arrives as text. */
  readonly amount: ColumnType<string, number, number>;
}

/** Rows are added and read, never changed: the role has no right to. */
export interface AuditEventsTable {
  readonly tenant_id: string;
  readonly id: string;
  readonly occurred_at: ColumnType<Date, never, never>;
  readonly actor_kind: ColumnType<AuditActorKind, AuditActorKind, never>;
  readonly actor: ColumnType<string, string, never>;
  readonly action: ColumnType<string, string, never>;
  readonly target: ColumnType<string, string, never>;
  readonly request_id: ColumnType<string, string, never>;
  readonly details: ColumnType<JsonObject, string | undefined, never>;
}

export type AuditActorKind = "member" | "api-key" | "operator" | "system";

export interface IdempotencyKeysTable {
  readonly tenant_id: string;
  readonly key: string;
  readonly fingerprint: string;
  /** Null while the first request is under way. */
  readonly status: number | null;
  readonly headers: ColumnType<JsonObject | null, string | null, string | null>;
  readonly body: string | null;
  readonly created_at: ColumnType<Date, Date | undefined, Date>;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
