import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errors } from "../errors.ts";
import { type BuildRequest, type EngineName, engineNames, type ImageEngine } from "./image-engine.ts";
import { parseInspection } from "./parse-inspection.ts";
import type { ProgramEnd, ProgramRun, RunProgram } from "./run-program.ts";

/** For questions that need no work. */
const askLimitMs = 30_000;
/** For a build or a push. */
const workLimitMs = 3_600_000;

/** What tells whether an engine works: each asks whatever does the work behind the program. */
const probes: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ["version", "--format", "{{.Server.Version}}"],
  podman: ["info", "--format", "{{.Version.Version}}"],
  buildah: ["version"],
};

/**
 * Opens the engine that is named, or the first that works.
 *
 * @throws TOOLKIT_ENGINE_MISSING, with what was tried
 */
export async function openEngine(wanted: EngineName | undefined, run: RunProgram): Promise<ImageEngine> {
  const tried: string[] = [];
  for (const name of wanted === undefined ? engineNames : [wanted]) {
    const end = await run(name, { args: probes[name], limitMs: askLimitMs });
    if (end.kind === "ended" && end.status === 0)
      return new ProgramEngine(name, run, await hasBuildx(name, run));
    tried.push(`${name} ${whyNot(end)}`);
  }
  throw errors.TOOLKIT_ENGINE_MISSING({ tried });
}

function whyNot(end: ProgramEnd): string {
  if (end.kind === "absent") return "is not installed";
  if (end.kind === "overdue") return `did not answer within ${askLimitMs} ms`;
  return `is installed but does not work (${end.lastLines.at(-1) ?? `status ${end.status}`})`;
}

async function hasBuildx(name: EngineName, run: RunProgram): Promise<boolean> {
  if (name !== "docker") return false;
  const end = await run("docker", { args: ["buildx", "version"], limitMs: askLimitMs });
  return end.kind === "ended" && end.status === 0;
}

class ProgramEngine implements ImageEngine {
  readonly name: EngineName;
  readonly #run: RunProgram;
  readonly #buildx: boolean;
  readonly #hosts = new Set<string>();
  #folder: Promise<string> | null = null;

  constructor(name: EngineName, run: RunProgram, buildx: boolean) {
    this.name = name;
    this.#run = run;
    this.#buildx = buildx;
  }

  async build(request: BuildRequest, onLine: (line: string) => void): Promise<void> {
    const args = [...this.#buildCommand(), ...buildArguments(request), request.context];
    await this.#work(`build ${request.reference}`, { args, onLine, limitMs: workLimitMs });
  }

  async inspect(reference: string) {
    const args =
      this.name === "buildah" ? ["inspect", "--type", "image", reference] : ["image", "inspect", reference];
    const end = await this.#run(this.name, { args, limitMs: askLimitMs });
    if (end.kind !== "ended" || end.status !== 0) return null;
    return parseInspection(end.stdout);
  }

  async tag(reference: string, target: string): Promise<void> {
    await this.#work(`tag ${reference}`, { args: ["tag", reference, target], limitMs: askLimitMs });
  }

  async login(
    host: string,
    { user, password }: { readonly user: string; readonly password: string },
  ): Promise<void> {
    const args = ["login", "--username", user, "--password-stdin", ...(await this.#authfile()), host];
    // Also where it fails: it may have kept something.
    this.#hosts.add(host);
    await this.#work(`sign in to ${host}`, { args, input: password, limitMs: askLimitMs });
  }

  async push(reference: string, onLine: (line: string) => void): Promise<void> {
    const args = ["push", ...(await this.#authfile()), reference];
    await this.#work(`push ${reference}`, { args, onLine, limitMs: workLimitMs });
  }

  /** Forgets the passwords: Docker keeps them in the user's own file, the others in one of ours. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.name === "docker" ? this.#hosts : [])
      await this.#run("docker", { args: ["logout", host], limitMs: askLimitMs });
    this.#hosts.clear();
    if (this.#folder !== null) await rm(await this.#folder, { recursive: true, force: true });
  }

  #buildCommand(): readonly string[] {
    if (this.name === "docker") {
      // Without an attestation the image is one manifest, as the others make it; its progress is lines, as it goes to a log.
      return this.#buildx
        ? ["buildx", "build", "--load", "--progress", "plain", "--provenance", "false"]
        : ["build"];
    }
    // The format of OCI has no health check, and ECS and Docker read the one of the image.
    return ["build", "--format", "docker"];
  }

  async #authfile(): Promise<readonly string[]> {
    if (this.name === "docker") return [];
    this.#folder ??= mkdtemp(join(tmpdir(), "tenantry-images-"));
    return ["--authfile", join(await this.#folder, "auth.json")];
  }

  async #work(doing: string, run: ProgramRun): Promise<void> {
    const engine = this.name;
    const end = await this.#run(engine, run);
    if (end.kind === "ended" && end.status === 0) return;
    if (end.kind === "overdue") throw errors.TOOLKIT_ENGINE_OVERDUE({ engine, doing, limitMs: run.limitMs });
    const status = end.kind === "ended" ? end.status : null;
    const lastLines = end.kind === "ended" ? end.lastLines.slice(-4) : [];
    throw errors.TOOLKIT_ENGINE_FAILED({ engine, doing, status, lastLines });
  }
}

function buildArguments({ dockerfile, platform, reference, labels }: BuildRequest): readonly string[] {
  return [
    "--file",
    dockerfile,
    "--platform",
    platform,
    "--tag",
    reference,
    ...Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]),
  ];
}
