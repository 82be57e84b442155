import type { Migration } from "../migration.ts";

export const documents: Migration = {
  version: 1,
  name: "documents",
  sql: `
create table documents (
  tenant_id text not null,
  collection text not null,
  id text not null,
  body jsonb not null,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, collection, id)
);
`,
};
