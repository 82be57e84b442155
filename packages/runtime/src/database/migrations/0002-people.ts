import type { Migration } from "../migration.ts";

/** Who may do what in the tenant: members, their invitations and sign-ins, custom roles, API keys. */
export const people: Migration = {
  version: 2,
  name: "people",
  sql: `
create table roles (
  tenant_id text not null,
  name text not null,
  description text not null default '',
  permissions text[] not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, name)
);
create table members (
  tenant_id text not null,
  id text not null,
  -- In lower case, so that one address is one member.
  email text not null,
  name text not null default '',
  role text not null,
  status text not null default 'active' check (status in ('active', 'suspended')),
  -- Null for a member who signs in elsewhere.
  password_hash text,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, email)
);
create table invitations (
  tenant_id text not null,
  id text not null,
  email text not null,
  role text not null,
  -- SHA-256 of the token; the token itself is shown once.
  token_hash text not null,
  invited_by text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, email),
  unique (tenant_id, token_hash)
);
create table sign_ins (
  tenant_id text not null,
  id text not null,
  member_id text not null,
  -- SHA-256 of the refresh token that is valid now, and of the one before it.
  refresh_hash text not null,
  spent_refresh_hash text,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  refreshed_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id) on delete cascade
);
create index sign_ins_of_member on sign_ins (tenant_id, member_id, id);
create table api_keys (
  tenant_id text not null,
  id text not null,
  name text not null,
  -- The part of the key that is shown, and by which it is found.
  prefix text not null,
  secret_hash text not null,
  permissions text[] not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, prefix)
);
`,
};
