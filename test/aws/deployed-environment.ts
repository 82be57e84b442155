import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { synthesize } from "@tenantry/aws/synthesis";
import { systemClock, systemRandom } from "@tenantry/base";
import type { Platform } from "@tenantry/model";
import { connectCloud, type DeploymentPorts, type DeploymentSettings } from "@tenantry/toolkit";
import { inject } from "vitest";

/** Where the emulator is; null where it cannot run here. */
export const emulator = inject("awsEndpoint");

/** An account of the emulator that nobody else uses: two platforms of one name, or two tests, do not meet. */
export interface EmulatedAccount {
  readonly id: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
  /** A client of the account, for a region. */
  readonly client: <Client>(Class: ClientClass<Client>, region?: string) => Client;
  /** Runs `tenantry` in a process of its own, as a user does. */
  readonly tenantry: (...args: readonly string[]) => Promise<string>;
  /** What the actions of the toolkit need, for this account. */
  readonly ports: () => Promise<DeploymentPorts>;
}

type ClientClass<Client> = new (config: {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: EmulatedAccount["credentials"];
  readonly forcePathStyle: boolean;
}) => Client;

/** The emulator works for some ten milliseconds where AWS works for minutes. */
export const fastSettings: Partial<DeploymentSettings> = { stackConcurrency: 4, pollMs: 25 };

const commandTimeoutMs = 180_000;
const calls = { rate: { perSecond: 400, burst: 200 }, pauseMs: 20, pauseMaxMs: 500, attemptsMax: 20 };

/** Credentials of a role in an account are how the emulator knows that account. */
export async function emulatedAccount(id = freshAccountId()): Promise<EmulatedAccount> {
  if (emulator === null) throw new Error("this test needs the emulator of AWS");
  const endpoint = emulator;
  const anybody = { accessKeyId: "test", secretAccessKey: "test" };
  const sts = new STSClient({ region: "us-east-1", endpoint, credentials: anybody });
  const role = { RoleArn: `arn:aws:iam::${id}:role/tests`, RoleSessionName: "tests" };
  const { Credentials } = await sts.send(new AssumeRoleCommand(role));
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  return {
    id,
    credentials,
    client: (Class, region = "us-east-1") =>
      new Class({ region, endpoint, credentials, forcePathStyle: true }),
    tenantry: (...args) => tenantry(args, endpoint, credentials),
    ports: async () => ({
      clock: systemClock,
      random: systemRandom,
      fetch,
      cwd: process.cwd(),
      stateFolder: process.cwd(),
      user: "ada@laptop",
      onEvent: () => undefined,
      cloud: await connectCloud(
        { homeRegion: "us-east-1", endpoint, credentials, calls },
        { clock: systemClock, random: systemRandom, onRetry: () => undefined },
      ),
    }),
  };
}

/** What the emulator keeps of a type that moto has no backend for. */
export interface StandIn {
  readonly type: string;
  readonly account: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export async function standIns(account: EmulatedAccount): Promise<readonly StandIn[]> {
  const answer = await fetch(`${emulator}/moto-api/stand-ins`);
  const rows = (await answer.json()) as readonly StandIn[];
  return rows.filter((row) => row.account === account.id);
}

export async function standInTypes(account: EmulatedAccount): Promise<readonly string[]> {
  return [...new Set((await standIns(account)).map(({ type }) => type))].sort();
}

function freshAccountId(): string {
  const digits = [...systemRandom.bytes(11)].map((byte) => byte % 10);
  return `9${digits.join("")}`;
}

/** Who deploys what, as a pipeline says it; the tags tell it again. */
const pipeline = {
  GITHUB_REPOSITORY: "acme/saas",
  GITHUB_ACTOR: "ada",
  GITHUB_REF: "refs/pull/42/merge",
};

async function tenantry(
  args: readonly string[],
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: EmulatedAccount["credentials"],
): Promise<string> {
  const program = join(import.meta.dirname, "../../apps/cli/bin/tenantry.mjs");
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: process.env["HOME"] ?? "",
    ...pipeline,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const options = { env, timeout: commandTimeoutMs, maxBuffer: 16 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], options);
  return stdout;
}

/** A folder for artifacts, gone with what holds it. */
export async function artifactsFolder(): Promise<
  AsyncDisposable & { readonly path: string; readonly json: (file: string) => Promise<unknown> }
> {
  const path = await mkdtemp(join(tmpdir(), "tenantry-deployment-"));
  return {
    path,
    json: async (file) => JSON.parse(await readFile(join(path, file), "utf8")) as unknown,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** What `synth` writes, for a platform that is at hand. */
export async function synthesizeInto(folder: string, platform: Platform): Promise<string> {
  for (const [path, text] of Object.entries(synthesize(platform).files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
