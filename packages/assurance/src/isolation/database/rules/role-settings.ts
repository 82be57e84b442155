import { type Finding, refuted } from "../../../rule.ts";
import type { DatabaseRule } from "../database-rule.ts";
import { tenantRoles } from "../reach.ts";

/** What a role's own settings must never say. */
const forbidden: Readonly<Record<string, (value: string) => boolean>> = {
  row_security: (value) => value !== "on",
  track_activities: (value) => value !== "off",
  session_replication_role: (value) => value !== "origin",
  session_preload_libraries: (value) => value !== "",
  local_preload_libraries: (value) => value !== "",
  role: () => true,
  "tenantry.tenant": () => true,
};

export const roleSettings: DatabaseRule = {
  id: "role-settings",
  why: "settings come with every session: a search path finds a planted table, a tracked query is read by the next tenant, a missing timeout lets one tenant hold what all need",
  fix: "alter role … set the listed value, and reset what is not listed",
  judge: ({ roleSettings: settings, database }, expectations) => {
    const findings: Finding[] = [];
    const { login } = expectations.roles;
    for (const { name, value } of expectations.loginSettings) {
      const found = settings.filter((setting) => setting.role === login && setting.name === name);
      if (found.length === 0) findings.push(refuted(login, `${name} is not set`));
      for (const setting of found) {
        if (setting.value !== value)
          findings.push(refuted(login, `${name} is ${setting.value}, not ${value}`));
      }
    }
    const expected = new Set(expectations.loginSettings.map(({ name }) => name));
    // An empty role stands for everyone in the database.
    const watched = new Set([...tenantRoles(expectations), ""]);
    for (const setting of settings) {
      if (!watched.has(setting.role) || (setting.database !== null && setting.database !== database))
        continue;
      if (setting.role === "" && setting.database === null) continue;
      if (setting.role === login && expected.has(setting.name)) continue;
      if (forbidden[setting.name]?.(setting.value) === true || setting.name === "search_path") {
        findings.push(
          refuted(setting.role === "" ? database : setting.role, `${setting.name} is ${setting.value}`),
        );
      }
    }
    return findings;
  },
};
