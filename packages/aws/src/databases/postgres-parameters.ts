import type { PostgresStore } from "./database.ts";

/** The parameters of a group: those of the definition, and those that the definition's other fields say. */
export function postgresParameters(
  store: Pick<PostgresStore, "parameters" | "preloadLibraries" | "tls">,
): Readonly<Record<string, string>> {
  const libraries = store.preloadLibraries.join(",");
  return {
    ...store.parameters,
    ...(libraries === "" ? {} : { shared_preload_libraries: libraries }),
    "rds.force_ssl": store.tls === "required" ? "1" : "0",
  };
}

/** "15.8" is of the family "15". */
export function majorOf(version: string): string {
  return version.split(".", 1)[0] ?? version;
}
