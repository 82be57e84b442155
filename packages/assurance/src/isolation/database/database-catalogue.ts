/**
 * What a PostgreSQL database says about itself, as plain sorted data. System schemas are left out
 * except for what everyone may reach in them.
 */
export interface DatabaseCatalogue {
  readonly kind: "database-catalogue";
  readonly database: string;
  /** As in `server_version_num`: 180004 is 18.4. Null where the server does not say. */
  readonly serverVersion: number | null;
  readonly roles: readonly CatalogueRole[];
  readonly memberships: readonly CatalogueMembership[];
  readonly roleSettings: readonly CatalogueRoleSetting[];
  readonly databases: readonly CatalogueDatabase[];
  readonly schemas: readonly CatalogueSchema[];
  readonly relations: readonly CatalogueRelation[];
  readonly columns: readonly CatalogueColumn[];
  readonly policies: readonly CataloguePolicy[];
  readonly uniqueIndexes: readonly CatalogueUniqueIndex[];
  readonly foreignKeys: readonly CatalogueForeignKey[];
  readonly checks: readonly CatalogueCheck[];
  readonly functions: readonly CatalogueFunction[];
  readonly triggers: readonly CatalogueTrigger[];
  /** Names of event triggers. */
  readonly eventTriggers: readonly string[];
  readonly extensions: readonly string[];
  /** Names of foreign servers. */
  readonly foreignServers: readonly string[];
  /** Names of publications: what they publish leaves the database past row-level security. */
  readonly publications: readonly string[];
  readonly defaultPrivileges: readonly CatalogueDefaultPrivilege[];
  /** Roles whose new functions nobody else may call; without such a row everyone may. */
  readonly closedFunctionDefaults: readonly string[];
  /** Settings that a role may change although only superusers can. */
  readonly parameterGrants: readonly { readonly parameter: string; readonly grant: CatalogueGrant }[];
  /** Large objects that someone other than their owner may touch. */
  readonly largeObjectGrants: readonly CatalogueGrant[];
  /** Relations of the system schemas that roles other than their owner's may read. */
  readonly systemRelationGrants: readonly { readonly relation: string; readonly grant: CatalogueGrant }[];
  /** Functions of the system that reach what sessions share, and who may call them. */
  readonly sharedStateGrants: readonly { readonly function: string; readonly grant: CatalogueGrant }[];
}

/** A right; grants of an owner to itself are left out. `public` is everyone. */
export interface CatalogueGrant {
  readonly grantee: string;
  readonly privilege: string;
  readonly grantable: boolean;
}

export interface CatalogueRole {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypassesRowSecurity: boolean;
  readonly createsRoles: boolean;
  readonly createsDatabases: boolean;
  readonly replicates: boolean;
  readonly inherits: boolean;
  readonly logsIn: boolean;
}

export interface CatalogueMembership {
  readonly group: string;
  readonly member: string;
  /** Before PostgreSQL 16 the member's own attribute. */
  readonly inherits: boolean;
  readonly sets: boolean;
  readonly administers: boolean;
}

export interface CatalogueRoleSetting {
  readonly role: string;
  /** Null for all databases. */
  readonly database: string | null;
  readonly name: string;
  readonly value: string;
}

export interface CatalogueDatabase {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly CatalogueGrant[];
}

export interface CatalogueSchema {
  readonly name: string;
  readonly owner: string;
  readonly grants: readonly CatalogueGrant[];
}

export type CatalogueRelationKind =
  | "table"
  | "partitioned-table"
  | "view"
  | "materialized-view"
  | "foreign-table"
  | "sequence";

export interface CatalogueRelation {
  readonly schema: string;
  readonly name: string;
  readonly kind: CatalogueRelationKind;
  readonly owner: string;
  /** What a view selects, as the server prints it; null for others. */
  readonly definition: string | null;
  readonly rowSecurity: boolean;
  readonly rowSecurityForced: boolean;
  /** The tables of which it is a partition or a child, as `schema.name`. */
  readonly parents: readonly string[];
  readonly options: readonly string[];
  /** Rewrite rules other than the one that makes a view. */
  readonly rules: readonly string[];
  /** Rights on the relation and on its columns. */
  readonly grants: readonly CatalogueGrant[];
}

export interface CatalogueColumn {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly notNull: boolean;
  /** The default's or generated column's expression. */
  readonly expression: string | null;
  /** Functions outside of the system schemas that the expression calls. */
  readonly calls: readonly string[];
}

export interface CataloguePolicy {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly kind: "permissive" | "restrictive";
  readonly command: "all" | "select" | "insert" | "update" | "delete";
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
}

export interface CatalogueUniqueIndex {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  /** In order; an expression is null. */
  readonly columns: readonly (string | null)[];
}

export interface CatalogueForeignKey {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly targetSchema: string;
  readonly targetRelation: string;
  readonly targetColumns: readonly string[];
}

export interface CatalogueCheck {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  readonly expression: string;
  readonly valid: boolean;
}

export interface CatalogueFunction {
  readonly schema: string;
  readonly name: string;
  readonly arguments: string;
  readonly owner: string;
  readonly language: string;
  readonly kind: "function" | "procedure" | "aggregate" | "window";
  readonly definer: boolean;
  readonly volatility: "immutable" | "stable" | "volatile";
  readonly parallel: "safe" | "restricted" | "unsafe";
  readonly settings: readonly string[];
  /** SHA-256 of the body. */
  readonly bodyHash: string;
  readonly grants: readonly CatalogueGrant[];
}

export interface CatalogueTrigger {
  readonly schema: string;
  readonly relation: string;
  readonly name: string;
  /** `schema.name` of what it calls. */
  readonly function: string;
  readonly definer: boolean;
}

export interface CatalogueDefaultPrivilege {
  readonly role: string;
  /** Null for every schema. */
  readonly schema: string | null;
  readonly objects: string;
  readonly grant: CatalogueGrant;
}
