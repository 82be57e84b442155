import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { repositoryRoot, textFiles } from "./repository-files.ts";
import { checkMachine, checkSecrets } from "./secrets.ts";

describe("this repository", () => {
  it("holds nothing that looks like a secret", () => {
    expect(textFiles().flatMap(checkSecrets)).toEqual([]);
  });

  it("names no folder of the machine it is checked out on", () => {
    expect(textFiles().flatMap((file) => checkMachine(file, repositoryRoot))).toEqual([]);
  });
});

describe("the check of secrets", () => {
  // Made here, so that this file does not hold what it looks for.
  const { privateKey } = generateKeyPairSync("ed25519");
  const part = (length: number) => "a1B2".repeat(length / 4);
  const token = ["eyJ" + part(12), "eyJ" + part(20), part(40)].join(".");

  it.each([
    ["a private key", privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["a private JSON web key", JSON.stringify(privateKey.export({ format: "jwk" }))],
    ["a JSON web token", `authorization: Bearer ${token}`],
    ["an AWS access key", `key = ${"AKIA"}${"Z2".repeat(8)}`],
    ["an AWS secret key", `aws_secret_access_key = "${part(40)}"`],
    ["a token of GitHub, npm or Slack", `token: ${"ghp_"}${part(36)}`],
    ["a password in an address", `postgres://admin:${part(16)}@db.example.com/x`],
  ])("finds %s", (what, text) => {
    expect(checkSecrets({ path: "a.txt", text: `\n${text}` })).toEqual([`a.txt:2: looks like ${what}`]);
  });

  it.each([
    "AKIAIOSFODNN7EXAMPLE",
    "-----BEGIN PUBLIC KEY-----",
    "postgres://user:secret@127.0.0.1/x",
    "postgres://user:${encodeURIComponent(password)}@host/x",
    '{"kty":"EC","x":"abc"}',
  ])("lets %s pass", (text) => expect(checkSecrets({ path: "a.txt", text })).toEqual([]));

  it("finds the folder of the checkout", () => {
    expect(
      checkMachine({ path: "a.ts", text: "\nread('/home/ada/tenantry/x')" }, "/home/ada/tenantry"),
    ).toEqual(["a.ts:2: names a folder of this machine"]);
    expect(checkMachine({ path: "a.ts", text: "/app/x" }, "/app")).toEqual([]);
  });
});
