import { defineErrors } from "@tenantry/base";

/** The expected failures of the server as a program. No message holds the value of a secret. */
export const errors = defineErrors({
  SERVER_ARGUMENT_UNKNOWN: {
    message: ({ argument }: { argument: string }) => `there is no argument ${JSON.stringify(argument)}`,
    fix: () => "give none to serve, or --check to look at the configuration and the database only",
    retriable: false,
  },
  SERVER_VARIABLE_MISSING: {
    message: ({ variable }: { variable: string; expected: string }) => `${variable} is not set`,
    fix: ({ variable, expected }: { variable: string; expected: string }) => `set ${variable} to ${expected}`,
    retriable: false,
  },
  SERVER_VARIABLE_INVALID: {
    message: ({ variable, found }: { variable: string; found: string; expected: string }) =>
      `${variable} holds ${found}`,
    fix: ({ variable, expected }: { variable: string; found: string; expected: string }) =>
      `set ${variable} to ${expected}`,
    retriable: false,
  },
  SERVER_VARIABLES_CONFLICT: {
    message: ({ variables }: { variables: readonly string[] }) =>
      `${variables.join(" and ")} are set, and say the same thing twice`,
    fix: ({ variables }: { variables: readonly string[] }) => `set one of ${variables.join(" and ")}`,
    retriable: false,
  },
  SERVER_FILE_UNREADABLE: {
    message: ({ variable, path, reason }: { variable: string; path: string; reason: string }) =>
      `the file ${path}, which ${variable} names, cannot be read: ${reason}`,
    fix: ({ variable, path }: { variable: string; path: string; reason: string }) =>
      `mount the file at ${path} so that the server's user can read it, or correct ${variable}`,
    retriable: false,
  },
  SERVER_PLATFORM_INVALID: {
    message: ({ path, where, reason }: { path: string; where: string; reason: string }) =>
      `${path} is not a resolved platform: ${where === "" ? "" : `${where}: `}${reason}`,
    fix: () => "put the platform.json there that `tenantry synth` writes for the environment, unchanged",
    retriable: false,
  },
  SERVER_STOP_OVERDUE: {
    message: ({ limitMs }: { limitMs: number }) =>
      `the server had not stopped ${limitMs} ms after the signal`,
    fix: () => "look at the log for requests and operations that hang; what was interrupted is continued",
    retriable: true,
  },
});
