type Environment = Readonly<Record<string, string | undefined>>;

/** How the user ran this program: npm and npx say so, and then a bare `tenantry` may not be on the PATH. */
export function programName(env: Environment): string {
  return env["npm_command"] === undefined ? "tenantry" : "npx tenantry";
}

/**
 * A hint with its commands as this user types them. Texts name a command as `tenantry …` between
 * backquotes; under npm that is `npx tenantry …`, and `npm start` for the command that it runs.
 */
export function asTyped(text: string, env: Environment): string {
  const program = programName(env);
  if (program === "tenantry") return text;
  const isStart = env["npm_lifecycle_event"] === "start";
  return text.replaceAll(/`tenantry( up\b)?([^`]*)`/g, (_, up: string | undefined, rest: string) => {
    if (!isStart || up === undefined) return `\`${program}${up ?? ""}${rest}\``;
    return rest === "" ? "`npm start`" : `\`npm start --${rest}\``;
  });
}
