import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DeployRequest } from "@tenantry/toolkit";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who deploys what, for the tags: what the pipeline says in its variables (GitHub Actions, GitLab), else what git knows of
 * the folder. What nobody knows is left out.
 */
export async function deploymentFacts(
  env: Environment,
  cwd: string,
): Promise<NonNullable<DeployRequest["deployment"]>> {
  const repository =
    env["GITHUB_REPOSITORY"] ?? env["CI_PROJECT_PATH"] ?? (await git(cwd, "remote", "get-url", "origin"));
  const author = env["GITHUB_ACTOR"] ?? env["GITLAB_USER_LOGIN"] ?? (await git(cwd, "config", "user.email"));
  const pullRequest =
    /^refs\/pull\/(\d+)\//.exec(env["GITHUB_REF"] ?? "")?.[1] ?? env["CI_MERGE_REQUEST_IID"];
  return {
    ...(repository === undefined ? {} : { repository: withoutCredentials(repository) }),
    ...(author === undefined ? {} : { author }),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  };
}

/** `https://user:token@host/acme/shop.git` and `git@host:acme/shop.git` become `acme/shop`. */
export function withoutCredentials(remote: string): string {
  const path = /^(?:\w+:\/\/[^/]+\/|[^/@]+@[^:/]+:)(.+)$/.exec(remote)?.[1] ?? remote;
  return path.replace(/\.git$/, "");
}

async function git(cwd: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", args, { cwd, timeout: 5_000 });
    return stdout.trim() === "" ? undefined : stdout.trim();
  } catch {
    return undefined;
  }
}
