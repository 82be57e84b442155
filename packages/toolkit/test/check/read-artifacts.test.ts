import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCodedError } from "@tenantry/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readArtifacts } from "../../src/check/read-artifacts.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tenantry-artifacts-"));
  await mkdir(join(folder, "cloudformation"));
  await writeFile(join(folder, "cloudformation", "manifest.json"), "{}");
  await writeFile(join(folder, "placement.json"), '{"ä":1}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing failed",
    (failure: unknown) => (isCodedError(failure) ? `${failure.code}: ${failure.message}` : failure),
  );

test("every file that synthesis writes is read by its path, and what else lies there is not", async () => {
  await writeFile(join(folder, "notes.txt"), "mine");
  await writeFile(join(folder, ".hidden.json"), "{}");
  expect({ ...(await readArtifacts(folder)) }).toEqual({
    "cloudformation/manifest.json": "{}",
    "placement.json": '{"ä":1}',
  });
});

test("a file that is named like what every object has is a file", async () => {
  await writeFile(join(folder, "__proto__.json"), "[]");
  const files = await readArtifacts(folder);
  expect(files["__proto__.json"]).toBe("[]");
  expect(files["toString"]).toBeUndefined();
});

test("a folder without artifacts is told apart from one that cannot be read", async () => {
  expect(await codeOf(readArtifacts(join(folder, "nowhere")))).toMatch(/^TOOLKIT_ARTIFACTS_MISSING/);
  expect(await codeOf(readArtifacts(join(folder, "cloudformation")))).toMatch(/^TOOLKIT_ARTIFACTS_MISSING/);
});

test("nothing outside of the folder is read: neither by a linked file nor by a linked folder", async () => {
  await symlink("/etc/hostname", join(folder, "more.json"));
  expect(await codeOf(readArtifacts(folder))).toMatch(
    /^TOOLKIT_ARTIFACTS_UNREADABLE: .*more\.json .*it is a link$/,
  );
  await rm(join(folder, "more.json"));
  await symlink("/etc", join(folder, "more"));
  expect(await codeOf(readArtifacts(folder))).toMatch(
    /^TOOLKIT_ARTIFACTS_UNREADABLE: .*more .*it is a link$/,
  );
});

test("what is not text, is too deep or is too many is refused and not read", async () => {
  await writeFile(join(folder, "binary.json"), Buffer.from([0xff, 0xfe, 0x00]));
  expect(await codeOf(readArtifacts(folder))).toMatch(/it is not UTF-8$/);
  await rm(join(folder, "binary.json"));
  const deep = join(folder, ...Array.from({ length: 12 }, () => "d"));
  await mkdir(deep, { recursive: true });
  expect(await codeOf(readArtifacts(folder))).toMatch(/folders deep$/);
});
