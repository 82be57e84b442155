/** What PostgreSQL answers when it refuses; `code` is the SQLSTATE. */
export interface SqlError extends Error {
  readonly code: string;
  readonly severity: string;
  readonly constraint?: string;
}

export function isSqlError(value: unknown): value is SqlError {
  return (
    value instanceof Error &&
    "severity" in value &&
    "code" in value &&
    typeof value.code === "string" &&
    /^[0-9A-Z]{5}$/.test(value.code)
  );
}
