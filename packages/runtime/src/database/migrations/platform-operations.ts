import type { Migration } from "../migration.ts";
import { limitsMigration } from "./platform-limits.ts";

/** What the control role may do with each of these tables; see control-tables.ts. */
export const operationTables = Object.freeze({
  operations: ["SELECT", "INSERT", "UPDATE"],
  operation_steps: ["SELECT", "INSERT", "UPDATE"],
  operation_changes: ["SELECT", "INSERT"],
  certificates: ["SELECT"],
} as const);

/**
 * Tenants that are suspended, moved and removed, the operations that do so, and what remains to be
 * shown of tenants that are gone.
 *
 * An operation is read here and not from the engine that runs it: whatever a step does to the
 * registry, its event and its row here commit together.
 */
export const operationsMigration: Migration = {
  version: limitsMigration.version + 1,
  name: "operations",
  sql: `
alter table tenants drop constraint tenants_status_check;
alter table tenants add constraint tenants_status_check
  check (status in ('provisioning', 'active', 'suspended', 'offboarding', 'failed'));
alter table tenants
  -- Counts the tenants that had this id one after the other: each is sealed differently.
  add column life integer not null default 1 check (life >= 1),
  -- While a tenant moves its rows are read and not written.
  add column writes text not null default 'open' check (writes in ('open', 'fenced')),
  -- The other place of a tenant that moves: where it will be, and after the switch where it was.
  add column other_isolation text check (other_isolation in ('pool', 'bridge', 'silo')),
  add column other_object_name text unique;
drop index tenants_unfinished;
create index tenants_unfinished on tenants (tenant_id) where status in ('provisioning', 'failed');
drop index tenants_behind;
create index tenants_behind on tenants (schema_version, tenant_id) where isolation <> 'pool';

create table operations (
  id uuid primary key,
  position bigint generated always as identity unique,
  kind text not null check (kind in ('onboard', 'suspend', 'resume', 'move', 'export', 'offboard')),
  tenant_id text collate "C" not null,
  state text not null check (state in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  input jsonb not null check (jsonb_typeof(input) = 'object'),
  result jsonb,
  error_code text,
  error_message text,
  requested_by text not null,
  idempotency_key text,
  -- Whether it can still be taken back; and whether somebody wants that.
  is_cancellable boolean not null default true,
  cancel_requested_by text,
  -- Counts the changes, so that whoever follows it knows what they have seen.
  revision integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  check ((ended_at is null) = (state in ('queued', 'running', 'waiting'))),
  check ((error_code is null) = (error_message is null))
);
-- One thing at a time is done to a tenant.
create unique index operations_unfinished on operations (tenant_id) where ended_at is null;
create unique index operations_idempotency on operations (requested_by, idempotency_key) where idempotency_key is not null;
create index operations_by_tenant on operations (tenant_id, position);
create index operations_by_kind on operations (kind, position);
create index operations_by_state on operations (state, position);

create table operation_steps (
  operation_id uuid not null references operations on delete cascade,
  number integer not null,
  name text not null,
  state text not null check (state in ('pending', 'running', 'waiting', 'succeeded', 'failed', 'skipped')),
  started_at timestamptz,
  ended_at timestamptz,
  detail text,
  -- What later steps need of it.
  result jsonb,
  primary key (operation_id, name),
  unique (operation_id, number)
);

create table operation_changes (
  operation_id uuid not null references operations on delete cascade,
  revision integer not null,
  change jsonb not null,
  primary key (operation_id, revision)
);

create table certificates (
  tenant_id text collate "C" not null,
  life integer not null,
  operation_id uuid not null unique,
  -- What is certified, and the same signed by the platform (RFC 7515, compact).
  document jsonb not null,
  jws text not null,
  created_at timestamptz not null,
  primary key (tenant_id, life)
);
`,
};
