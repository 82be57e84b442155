import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contextFiles, copyOf, createIgnore, parseDockerfile, type Stage } from "./dockerfile.ts";

const root = join(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const text = read("apps/server/Dockerfile");
const isIgnored = createIgnore(read(".dockerignore"));

/** What is wrong with an image's recipe, one sentence each. */
function mistakesIn(dockerfile: string): readonly string[] {
  const stages = parseDockerfile(dockerfile);
  const names = new Set(stages.map(({ name }) => name));
  const last = stages.at(-1);
  if (last === undefined) return ["it has no stage"];
  return [
    ...stages
      .filter(({ image }) => !names.has(image) && !isPinned(image))
      .map(({ image }) => `${image} is not pinned`),
    ...mistakesOfLast(last),
    ...stages.flatMap((stage) =>
      stage.instructions.flatMap((one) => secretsIn(`${one.keyword} ${one.text}`)),
    ),
    ...stages.flatMap(missingSources),
  ];
}

/** A digest, or a tag with all three numbers of the version. */
const isPinned = (image: string) =>
  /@sha256:[0-9a-f]{64}$/.test(image) || /:\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/.test(image);

function mistakesOfLast({ instructions }: Stage): readonly string[] {
  const the = (keyword: string) => instructions.findLast((one) => one.keyword === keyword)?.text;
  const user = the("USER");
  const isRoot = user === undefined || /^(root|0)(:|$)/.test(user) || !/^\d+(:\d+)?$/.test(user);
  return [
    ...(isRoot ? [`its user is ${user ?? "root"}, not a number above 0`] : []),
    ...(the("STOPSIGNAL") === "SIGTERM" ? [] : ["it is not stopped with SIGTERM"]),
    ...(the("HEALTHCHECK")?.startsWith('CMD ["node", ') ? [] : ["its health check is not node's"]),
    ...(the("ENTRYPOINT")?.startsWith('["node", ') ? [] : ["it does not start node without a shell"]),
    ...(/\bNODE_ENV=production\b/.test(the("ENV") ?? "") ? [] : ["NODE_ENV is not production"]),
    ...(instructions.some(({ keyword }) => keyword === "RUN") ? ["it runs something in the last stage"] : []),
    ...(/image\.(title|licenses|version)=/.test(the("LABEL") ?? "") ? [] : ["it has no labels"]),
  ];
}

function secretsIn(line: string): readonly string[] {
  return /(password|secret|token|api_?key|private_?key)\w*\s*[= ]|AKIA[0-9A-Z]{16}|-----BEGIN/i.test(line)
    ? [`${line.slice(0, 40)} looks like a secret`]
    : [];
}

function missingSources({ instructions }: Stage): readonly string[] {
  return instructions
    .filter(({ keyword, flags }) => keyword === "COPY" && flags["from"] === undefined)
    .flatMap((instruction) => copyOf(instruction).sources)
    .filter((source) => contextFiles(root, source, isIgnored).length === 0)
    .map((source) => `there is no ${source} to copy`);
}

describe("the Dockerfile of the server", () => {
  test("has no mistake", () => expect(mistakesIn(text)).toEqual([]));

  test.each([
    [/node:24\.21\.0-trixie-slim AS server/, "node:latest AS server", "node:latest is not pinned"],
    [/USER 10001:10001/, "USER root", "its user is root, not a number above 0"],
    [/USER 10001:10001\n/, "", "its user is root, not a number above 0"],
    [/HEALTHCHECK[\s\S]*?\]\n/, "", "its health check is not node's"],
    [/STOPSIGNAL SIGTERM/, "STOPSIGNAL SIGKILL", "it is not stopped with SIGTERM"],
    [/ENV NODE_ENV=production/, "ENV DB_PASSWORD=hunter2", "ENV DB_PASSWORD=hunter2 looks like a secret"],
    [/COPY LICENSE/, "COPY LICENCE", "there is no LICENCE to copy"],
    [/COPY LICENSE/, "COPY docs", "there is no docs to copy"],
    [/ENTRYPOINT \[.*\]/, "ENTRYPOINT node server.mjs", "it does not start node without a shell"],
  ])("would be refused with %s replaced by %j", (pattern, replacement, mistake) => {
    const broken = text.replace(pattern, replacement);
    expect(broken).not.toBe(text);
    expect(mistakesIn(broken)).toContain(mistake);
  });

  test("uses the Node of this repository", () => {
    const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: { node: string } };
    for (const { image } of parseDockerfile(text)) expect(image).toContain(`node:${devDependencies.node}-`);
  });

  test("copies every package that the server depends on, and no other", () => {
    const closure = closureOf("apps/server");
    const copied = (stage: Stage | undefined) =>
      stage?.instructions
        .filter(({ keyword, flags }) => keyword === "COPY" && flags["from"] === undefined)
        .flatMap((instruction) => copyOf(instruction).sources)
        .flatMap((source) => /^((?:packages|apps)\/[^/]+)\//.exec(source)?.[1] ?? []);
    const [dependencies, server] = parseDockerfile(text);
    expect(copied(dependencies)?.toSorted()).toEqual(closure);
    expect(copied(server)?.toSorted()).toEqual(closure);
  });
});

describe("the context of the image", () => {
  const files = ["packages/runtime/", "apps/server/", "packages/base/"].flatMap((source) =>
    contextFiles(root, source, isIgnored),
  );

  test("has the sources", () => {
    expect(files).toContain("packages/runtime/src/index.ts");
    expect(files).toContain("apps/server/bin/server.mjs");
    expect(files.length).toBeGreaterThan(100);
  });

  test("has no test, golden file, data or module of this machine", () => {
    const unwanted = /\.test\.ts$|\.golden\.|\/test\/|node_modules|\.tenantry|\.env/;
    expect(files.filter((path) => unwanted.test(path))).toEqual([]);
    for (const path of [
      ".env",
      ".git/config",
      "platforms/starter/.tenantry/secrets.json",
      "node_modules/pg/a.js",
    ])
      expect(isIgnored(path)).toBe(true);
  });
});

/** The folders of a workspace and of all that it depends on, in order. */
function closureOf(folder: string, found = new Set<string>()): readonly string[] {
  if (!found.has(folder)) {
    found.add(folder);
    const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as {
      dependencies?: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(dependencies))
      if (name.startsWith("@tenantry/")) closureOf(`packages/${name.slice("@tenantry/".length)}`, found);
  }
  return [...found].sort();
}
