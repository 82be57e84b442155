import type { Migration } from "../migration.ts";

/** What the tenant keeps and does: files, usage, the audit trail, answers to repeat. */
export const activity: Migration = {
  version: 3,
  name: "activity",
  appendOnly: ["audit_events"],
  sql: `
create table files (
  tenant_id text not null,
  id text not null,
  name text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256 text not null,
  created_by text not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create table usage_days (
  tenant_id text not null,
  day date not null,
  metric text not null,
  amount bigint not null,
  primary key (tenant_id, day, metric)
);
create table audit_events (
  tenant_id text not null,
  -- A UUID of version 7, so that the order of the ids is the order of time.
  id text not null,
  occurred_at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('member', 'api-key', 'operator', 'system')),
  actor text not null,
  action text not null,
  target text not null,
  request_id text not null,
  details jsonb not null default '{}',
  primary key (tenant_id, id)
);
create table idempotency_keys (
  tenant_id text not null,
  key text not null,
  -- SHA-256 of method, path and body: the same key with another request is refused.
  fingerprint text not null,
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, key)
);
create index idempotency_keys_by_age on idempotency_keys (tenant_id, created_at);
`,
};
