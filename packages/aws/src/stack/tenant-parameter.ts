/** What of a tenant or its placement a parameter of a tenant's template carries. */
export type TenantParameter =
  | { readonly kind: "tenant-id" | "username" | "cost-center" }
  /** With {tenant} for the id; the tenant's own domains come after them. */
  | { readonly kind: "hosts"; readonly patterns: readonly string[] }
  | { readonly kind: "main-host"; readonly pattern: string }
  /** The path in Parameter Store of a value of the tenant's cell: one of `CellValue`. */
  | { readonly kind: "cell-value"; readonly value: string }
  /** (slot - 1) x `count` + `index` + 1, for the `index`th of `count` services with a route: unique in the cell because slots are. */
  | { readonly kind: "priority"; readonly index: number; readonly count: number };
