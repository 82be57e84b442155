import { platformSchema } from "../database-names.ts";
import type { Migration } from "../migration.ts";

/**
 * The body of the trigger function that links an audit event to the one before it. It runs with
 * the owner's rights, so that who may add events still cannot choose where they stand in the chain.
 *
 * The update of the head makes those who add at the same time wait for each other until they
 * commit, without which two rows would follow the same one. What is hashed is the hash before, then
 * each value as `<bytes>:<value>`, so that no two different rows have the same text.
 */
export const chainAuditEventBody = `
declare
  previous bytea;
begin
  update ${platformSchema}.audit_head set position = position + 1
  returning position, hash into strict new.position, previous;
  new.occurred_at := date_trunc('milliseconds', new.occurred_at);
  new.hash := sha256(previous || convert_to(
    (select string_agg(octet_length(item) || ':' || item, '' order by number)
     from unnest(array[
       new.position::text, new.id::text,
       (extract(epoch from new.occurred_at) * 1000)::bigint::text,
       new.actor_kind, new.actor, new.action, new.target, coalesce(new.tenant_id, ''),
       new.request_id, new.details
     ]) with ordinality as list (item, number)), 'UTF8'));
  update ${platformSchema}.audit_head set hash = new.hash;
  return new;
end
`;

/**
 * What happened to tenants, who is told of it, and who did what at the control plane.
 *
 * A delivery is written by the statement that writes its event (keepLifecycleEvent), so that no
 * event is there without its deliveries and none is sent that was rolled back. `lane` is the
 * tenant, or nothing for an event of no tenant: within a lane order is kept.
 */
export const eventsMigration: Migration = {
  // One more than that of whatever stands before it in platform-migrations.ts.
  version: 2,
  name: "events",
  sql: `
create table events (
  id uuid primary key,
  -- Events of one transaction have the same time; this is the order in which they were written.
  position bigint generated always as identity unique,
  type text not null check (length(type) between 1 and 64),
  source text not null,
  tenant_id text collate "C",
  operation_id text check (length(operation_id) between 1 and 64),
  detail jsonb not null check (jsonb_typeof(detail) = 'object'),
  occurred_at timestamptz not null,
  -- A step that is repeated after a crash tells nobody twice.
  unique (operation_id, type)
);
create index events_by_tenant on events (tenant_id, position);
create index events_by_type on events (type, position);
create index events_by_time on events (occurred_at);

create table webhooks (
  id uuid primary key,
  url text not null check (length(url) between 1 and 2048),
  description text not null default '',
  -- Nothing means all.
  types text[] not null default '{}',
  concurrency integer not null check (concurrency between 1 and 4),
  state text not null default 'active' check (state in ('active', 'failing', 'disabled')),
  secret bytea not null,
  previous_secret bytea,
  previous_secret_until timestamptz,
  failures integer not null default 0,
  failing_since timestamptz,
  -- While it fails, nothing is sent before this.
  rests_until timestamptz,
  last_error text,
  last_delivered_at timestamptz,
  served_at timestamptz not null default '-infinity',
  created_at timestamptz not null,
  created_by text not null,
  check ((state = 'active') = (failing_since is null))
);

create table webhook_deliveries (
  webhook_id uuid not null references webhooks on delete cascade,
  event_id uuid not null references events,
  position bigint not null,
  lane text collate "C" not null,
  state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  -- Whoever sends it has it until then; after a crash somebody else takes it.
  taken_until timestamptz,
  taken_by uuid,
  -- When it was put in line; again, when it was asked for again.
  queued_at timestamptz not null,
  last_attempt_at timestamptz,
  last_status integer,
  last_error text,
  ended_at timestamptz,
  primary key (webhook_id, event_id),
  check ((state = 'pending') = (ended_at is null))
);
create index webhook_deliveries_turn on webhook_deliveries (webhook_id, attempts, position) where state = 'pending';
create index webhook_deliveries_lane on webhook_deliveries (webhook_id, lane, position) where state = 'pending';
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at) where state = 'pending';
create index webhook_deliveries_taken on webhook_deliveries (webhook_id, taken_until) where taken_until is not null;
create index webhook_deliveries_list on webhook_deliveries (webhook_id, position);
create index webhook_deliveries_event on webhook_deliveries (event_id);
create index webhook_deliveries_ended on webhook_deliveries (ended_at) where state <> 'pending';

create table audit_events (
  position bigint primary key,
  id uuid not null unique,
  occurred_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('operator', 'auditor', 'system')),
  actor text not null,
  action text not null,
  target text not null,
  tenant_id text collate "C",
  request_id text not null,
  -- JSON as text: jsonb would write it anew, and the hash is of the text.
  details text not null check (jsonb_typeof(details::jsonb) = 'object'),
  hash bytea not null
);
create index audit_events_by_tenant on audit_events (tenant_id, position);
create index audit_events_by_action on audit_events (action, position);
create index audit_events_by_actor on audit_events (actor, position);

-- Where the chain ends. Without it the last rows could be removed unnoticed.
create table audit_head (
  single boolean primary key default true check (single),
  position bigint not null,
  hash bytea not null
);
insert into audit_head (position, hash) values (0, '\\x');

create function chain_audit_event() returns trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  as $chain$${chainAuditEventBody}$chain$;
create trigger chain before insert on audit_events for each row execute function chain_audit_event();
`,
};

/** What the control role may do with each of these tables. Audit events it adds and reads. */
export const eventTables = {
  events: ["SELECT", "INSERT", "DELETE"],
  webhooks: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  webhook_deliveries: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  audit_events: ["SELECT", "INSERT"],
  audit_head: ["SELECT"],
} as const;
