/** What is in an export: its last member, `manifest.json`. */
export interface BundleManifest {
  readonly kind: "tenantry-export";
  readonly version: 1;
  readonly tenant: string;
  /** The operation that made it. */
  readonly operation: string;
  readonly createdAt: string;
  readonly tables: readonly BundleTable[];
  readonly files: {
    readonly count: number;
    readonly bytes: number;
    /** Files whose content was gone from the store. */
    readonly missing: readonly string[];
  };
  readonly members: readonly BundleMember[];
}

export interface BundleTable {
  readonly name: string;
  readonly rows: number;
  /** Columns that hold secrets or what they could be guessed from, and so are left out. */
  readonly omitted: readonly string[];
}

export interface BundleMember {
  readonly name: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export const manifestName = "manifest.json";
export const tableMember = (table: string) => `tables/${table}.ndjson`;
export const fileMember = (id: string) => `files/${id}`;

/** Answers that are kept for a day so that requests can be repeated: they are nobody's data. */
const transientTables: ReadonlySet<string> = new Set(["idempotency_keys"]);

export function isExported(table: string): boolean {
  return !transientTables.has(table);
}

/** Told by its name, so that a column of a later migration is left out without anybody thinking of it. */
export function isSecretColumn(column: string): boolean {
  return /(^|_)(hash|secret|token|password)(_|$)/.test(column);
}
