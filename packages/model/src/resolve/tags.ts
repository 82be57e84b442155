import { errors } from "../errors.ts";
import { placeholdersOf } from "../pattern.ts";
import type { Report } from "./report.ts";

/** What only a deployment knows; it goes into tags. */
export interface Deployment {
  readonly repository: string;
  readonly author: string;
  readonly pullRequest: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}

/** Stands in the tags of a platform that nobody is deploying, so that resolving stays repeatable. */
export const noDeployment: Deployment = Object.freeze({
  repository: "unknown",
  author: "unknown",
  pullRequest: "none",
  createdAt: "unknown",
});

/** Leaves the tags open, for a synthesis whose deployments come later. */
export const openDeployment: Deployment = Object.freeze({
  repository: "{repository}",
  author: "{author}",
  pullRequest: "{pullRequest}",
  createdAt: "{createdAt}",
});

export function resolveTags(
  written: Readonly<Record<string, string>>,
  environment: string,
  deployment: Deployment,
  report: Report,
): Readonly<Record<string, string>> {
  const tags: Record<string, string> = { Environment: environment };
  const known = Object.keys(noDeployment);
  for (const [key, value] of Object.entries(written)) {
    const unknown = placeholdersOf(value).find((placeholder) => !known.includes(placeholder));
    if (unknown !== undefined) {
      report(["tags", key], errors.MODEL_PATTERN_PLACEHOLDER({ value, placeholder: unknown, known }));
    }
    tags[key] = known.reduce(
      (text, placeholder) => text.replaceAll(`{${placeholder}}`, deployment[placeholder as keyof Deployment]),
      value,
    );
  }
  return tags;
}
