/** What a check tells while it works: rows of the package's table. */
export const checkEvents = {
  TOOLKIT_CHECK_STARTED: ({ theme }: { readonly theme: string }) => `checking ${theme} …`,
  TOOLKIT_CHECK_DONE: (one: {
    readonly theme: string;
    readonly refuted: number;
    readonly unknown: number;
    readonly durationMs: number;
  }) => `checked ${one.theme} in ${one.durationMs} ms: refuted ${one.refuted}, unknown ${one.unknown}`,
} as const;
