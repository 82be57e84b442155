/** What can go wrong around a check: rows of the package's table. What is wrong with a platform is a verdict. */
export const checkErrors = {
  TOOLKIT_ARTIFACTS_MISSING: {
    message: ({ folder }: { folder: string }) =>
      `${folder} holds no artifacts: there is no cloudformation/manifest.json`,
    fix: () => "write them with `tenantry synth <env> --out <folder>`, or leave --artifacts out",
    retriable: false,
  },
  TOOLKIT_ARTIFACTS_UNREADABLE: {
    message: ({ path, detail }: { path: string; detail: string }) => `${path} cannot be read: ${detail}`,
    fix: () => "write the artifacts again with `tenantry synth <env>`",
    retriable: false,
  },
  TOOLKIT_ARTIFACTS_ENVIRONMENT: {
    message: ({ asked, found }: { asked: string; found: string }) =>
      `the artifacts are of ${JSON.stringify(found)}, and ${asked} was to be checked`,
    fix: () => "name their environment, or another folder with --artifacts",
    retriable: false,
  },
  TOOLKIT_BASELINE_MISSING: {
    message: ({ path }: { path: string }) => `the baseline ${path} does not exist`,
    fix: () => "correct the path, or write it with `tenantry check <env> --accept <id>`",
    retriable: false,
  },
  TOOLKIT_BASELINE_HOME: {
    message: ({ folder }: { folder: string }) =>
      `there is no tenantry.config.ts in ${folder} or above it beside which a baseline could be written`,
    fix: () => "name the file with --baseline, or the definition with --config",
    retriable: false,
  },
  TOOLKIT_ACCEPT_UNKNOWN: {
    message: ({ id }: { id: string; nearest: readonly string[] }) =>
      `the check found nothing with the id ${id}`,
    fix: ({ nearest }: { id: string; nearest: readonly string[] }) =>
      nearest.length > 0 ? `did you mean ${nearest.join(" or ")}?` : "write the id as the report shows it",
    retriable: false,
  },
  TOOLKIT_ACCEPT_NOT_ACCEPTABLE: {
    message: ({ id }: { id: string }) =>
      `${id} cannot be accepted: what could not be read or checked says nothing`,
    fix: () => "mend what could not be read",
    retriable: false,
  },
  TOOLKIT_ACCEPT_UNTIL: {
    message: ({ until }: { until: string; last: string }) =>
      `${JSON.stringify(until)} is not a day on which an acceptance can end`,
    fix: ({ last }: { until: string; last: string }) =>
      `write a date from today to ${last}, such as 2027-01-31`,
    retriable: false,
  },
  TOOLKIT_DATABASE_URL: {
    message: ({ reason }: { reason: string }) => `the database cannot be used: ${reason}`,
    fix: () => "write postgres://user:password@host:5432, or `local` for the platform that runs here",
    retriable: false,
  },
  TOOLKIT_DATABASE_NOT_RUNNING: {
    message: ({ platform }: { platform: string }) =>
      `${platform} does not run here: there is no local database to look at`,
    fix: () => "start it with `tenantry up`, or name a database with --database <url>",
    retriable: true,
  },
  TOOLKIT_DATABASE_UNREADABLE: {
    message: ({ detail }: { detail: string }) => `the catalogue of the database cannot be read: ${detail}`,
    fix: () =>
      "name the administrator's URL, or the owner role's, of a server that the platform was started on",
    retriable: false,
  },
  TOOLKIT_CHECK_FAILED: {
    message: ({ refuted, unknown, findings }: CheckFailure) =>
      `the check of what is to be deployed has refuted ${refuted} and left ${unknown} unknown: ${findings.slice(0, 5).join("; ")}${findings.length > 5 ? "; …" : ""}`,
    fix: ({ environment, rules }: CheckFailure) =>
      `see \`tenantry check ${environment}\` and mend it; to go on nevertheless: --override-check ${rules[0] ?? "<rule>"} --reason "…"`,
    retriable: false,
  },
  TOOLKIT_CHECK_STALE: {
    message: ({ path }: { path: string }) => `${path} is not what was checked: it was changed since`,
    fix: () => "deploy again; what is there now is checked then",
    retriable: true,
  },
  TOOLKIT_OVERRIDE_NEEDLESS: {
    message: ({ rule }: { rule: string; open: readonly string[] }) =>
      `${rule} is to be overridden, and the check found nothing against it`,
    fix: ({ open }: { rule: string; open: readonly string[] }) =>
      open.length > 0 ? `these are open: ${open.join(", ")}` : "leave --override-check out",
    retriable: false,
  },
} as const;

interface CheckFailure {
  readonly environment: string;
  readonly refuted: number;
  readonly unknown: number;
  /** Ids of the findings. */
  readonly findings: readonly string[];
  readonly rules: readonly string[];
}
