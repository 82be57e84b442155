import type { NamedPolicy } from "./authorize.ts";

/** A policy of a resource that leaves everything to the policies of its account, as most keys' policies do. */
export function delegation(account: string): NamedPolicy {
  const everything = { negated: false, patterns: ["*"] };
  return {
    name: "what the account lets",
    policy: {
      version: "2012-10-17",
      statements: [
        {
          index: 0,
          sid: null,
          effect: "Allow",
          principals: { negated: false, principals: [{ kind: "account", account }] },
          actions: everything,
          resources: everything,
          conditions: [],
        },
      ],
    },
  };
}
