import { defineErrors } from "@tenantry/base";

/** What can be wrong with a command line, and what the shell itself can run into. */
export const errors = defineErrors({
  CLI_COMMAND_UNKNOWN: {
    message: ({ command }: { command: string; nearest: string | undefined; help: string }) =>
      `there is no command ${command}`,
    fix: ({ nearest, help }: { command: string; nearest: string | undefined; help: string }) =>
      nearest === undefined ? `see \`${help}\`` : `did you mean \`${nearest}\`?`,
    retriable: false,
  },
  CLI_COMMAND_INCOMPLETE: {
    message: ({ command }: { command: string; next: readonly string[] }) => `${command} needs a verb`,
    fix: ({ next }: { command: string; next: readonly string[] }) => `write one of: ${next.join(", ")}`,
    retriable: false,
  },
  CLI_OPTION_UNKNOWN: {
    message: ({ option }: { option: string; nearest: string | undefined; help: string }) =>
      `there is no option ${option}`,
    fix: ({ nearest, help }: { option: string; nearest: string | undefined; help: string }) =>
      nearest === undefined ? `see \`${help}\`` : `did you mean ${nearest}?`,
    retriable: false,
  },
  CLI_OPTION_WITHOUT_VALUE: {
    message: ({ option }: { option: string; help: string }) => `the option ${option} needs a value`,
    fix: ({ help }: { option: string; help: string }) => `see \`${help}\``,
    retriable: false,
  },
  CLI_OPTION_VALUE: {
    message: ({ option, value }: { option: string; value: string; expected: string }) =>
      `${JSON.stringify(value)} is not a value for ${option}`,
    fix: ({ expected }: { option: string; value: string; expected: string }) => `write ${expected}`,
    retriable: false,
  },
  CLI_OPTION_MISSING: {
    message: ({ option }: { option: string; usage: string }) => `the option ${option} is missing`,
    fix: ({ usage }: { option: string; usage: string }) => `write \`${usage}\``,
    retriable: false,
  },
  CLI_OPTION_CONFLICT: {
    message: ({ option, other, reason }: { option: string; other: string; reason: string }) =>
      `${option} and ${other} do not go together: ${reason}`,
    fix: ({ option, other }: { option: string; other: string; reason: string }) =>
      `leave ${option} or ${other} out`,
    retriable: false,
  },
  CLI_ARGUMENT_MISSING: {
    message: ({ argument }: { argument: string; usage: string }) => `the argument <${argument}> is missing`,
    fix: ({ usage }: { argument: string; usage: string }) => `write \`${usage}\``,
    retriable: false,
  },
  CLI_ARGUMENT_EXCESS: {
    message: ({ argument }: { argument: string; usage: string }) =>
      `the argument ${argument} is one too many`,
    fix: ({ usage }: { argument: string; usage: string }) => `write \`${usage}\``,
    retriable: false,
  },
  CLI_CONFIRMATION_NEEDED: {
    message: ({ what }: { what: string }) => `${what} needs a confirmation, and there is no terminal to ask`,
    fix: () => "pass --yes to confirm",
    retriable: false,
  },
  CLI_DECLINED: {
    message: ({ what }: { what: string }) => `${what} was declined`,
    fix: () => "nothing was changed; answer y, or pass --yes, to go on",
    retriable: false,
  },
  CLI_DETACHED_UP_FAILED: {
    message: ({ how }: { how: string; log: string }) =>
      `the platform in the background ${how} before it was ready`,
    fix: ({ log }: { how: string; log: string }) => `read ${log}, or run without --detach`,
    retriable: true,
  },
  CLI_FORCED: {
    message: () => "stopped by force before everything had drained",
    fix: () =>
      "`tenantry down` stops what was left behind, and the next `tenantry up` recovers it; no data is lost",
    retriable: true,
  },
  CLI_BUG: {
    message: ({ detail }: { detail: string }) => `this is a bug in tenantry: ${detail}`,
    fix: () => "run again with TENANTRY_DEBUG=1 for the stack, and report it with what you typed",
    retriable: false,
  },
});
