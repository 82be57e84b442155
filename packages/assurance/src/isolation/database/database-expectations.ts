/** What the platform made, and therefore what alone may be there. */
export interface DatabaseExpectations {
  readonly database: string;
  readonly roles: {
    readonly owner: string;
    /** Who serves tenants after logging in: the app role in the shared database, the tenant's own in a silo. */
    readonly login: string;
    /** Reads the registry; null in a silo. */
    readonly control: string | null;
    readonly operator: string;
    /** What bridge tenants' roles are members of, so that they may ask for the tenant; null in a silo. */
    readonly tenants: string | null;
  };
  /** The schema of the registry, the seals and the tenant view. */
  readonly platformSchema: string;
  /** Tables of the platform's schema that the control and operator roles may read. */
  readonly registryTables: readonly string[];
  /** What else the control role may do in the platform's schema: privileges by table. */
  readonly controlTables?: Readonly<Record<string, readonly string[]>>;
  readonly tenantSchemas: readonly TenantSchema[];
  /** The view that knows the tenant of a transaction, and how servers of each version print it. */
  readonly tenantView: {
    readonly schema: string;
    readonly name: string;
    readonly definitions: readonly string[];
  };
  /** The function that gives columns their default tenant. */
  readonly tenantFunction: ExpectedFunction;
  /** Other functions that may run with their owner's rights. */
  readonly definers: readonly ExpectedFunction[];
  readonly policies: {
    readonly grant: string;
    readonly confine: string;
    /** The confining expression as PostgreSQL prints it. */
    readonly predicate: string;
    /** The name of the constraint that holds a schema of one tenant to that tenant. */
    readonly onlyTenant: string;
  };
  /** Settings that the login role must have. */
  readonly loginSettings: readonly { readonly name: string; readonly value: string }[];
  /** Whether the system catalogues can be closed: on a managed service without a superuser they cannot. */
  readonly systemCatalogue: "closed" | "cannot-be-closed";
}

export interface TenantSchema {
  readonly schema: string;
  /** Who works on its rows. */
  readonly role: string;
  /** The one tenant whose rows it holds; null in the pool. */
  readonly tenant: string | null;
}

export interface ExpectedFunction {
  readonly schema: string;
  readonly name: string;
  readonly bodyHash: string;
  readonly settings: readonly string[];
}
