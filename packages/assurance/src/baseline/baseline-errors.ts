interface InBaseline {
  /** The file, as the user would write it. */
  readonly path: string;
}

/** What can be wrong with a baseline: rows of the package's table. */
export const baselineErrors = {
  ASSURANCE_BASELINE_SYNTAX: {
    message: ({ path, detail }: InBaseline & { detail: string }) => `${path} is not JSON: ${detail}`,
    fix: () => "correct the file, or remove it and accept again what is meant to be accepted",
    retriable: false,
  },
  ASSURANCE_BASELINE_INVALID: {
    message: ({ path, at, detail }: InBaseline & { at: string; detail: string }) =>
      `${path} is not a baseline: ${at}: ${detail}`,
    fix: () =>
      'write { "version": 1, "accepted": [{ "id", "reason", "until" }] } with an id from a report and a date such as 2027-01-31',
    retriable: false,
  },
  ASSURANCE_BASELINE_TWICE: {
    message: ({ path, id }: InBaseline & { id: string }) => `${path} accepts ${id} twice`,
    fix: () => "keep one of the two entries",
    retriable: false,
  },
} as const;
