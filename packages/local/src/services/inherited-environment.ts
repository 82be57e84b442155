/**
 * What a service of the definition inherits from the shell that started the platform: PATH, HOME
 * and whatever its author relies on. This is the one place of the package that reads the
 * process's environment. The address of the database stays behind: it carries a superuser's
 * password, with which a service could walk past every isolation.
 */
export function inheritedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      entry[0] !== "DATABASE_URL" &&
      entry[0] !== "PORT" &&
      !/^PG[A-Z]+$/.test(entry[0]),
  );
  return Object.fromEntries(entries);
}
