// npm run bench [-- name …]   runs the measurements, one after the other, and says which missed its bar
// npm run bench -- --list     lists them
//
// A measurement is a file in this folder. It prints what it measured and exits with 1 when that is
// worse than the bar it names.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = import.meta.dirname;
const names = globSync("*.ts", { cwd: folder })
  .filter((file) => file !== basename(import.meta.filename) && !file.endsWith(".test.ts"))
  .map((file) => basename(file, ".ts"))
  .sort();

/** The first sentence of the comment at the head of the file. */
function describe(name: string): string {
  const head =
    /^(?:(?:\/\/|\/\*\*?| \*).*\n?)+/.exec(readFileSync(join(folder, `${name}.ts`), "utf8"))?.[0] ?? "";
  const text = head.replaceAll(/^\s*(\/\/|\/\*\*?|\*\/|\*)\s?/gm, "").replaceAll(/\s+/g, " ");
  return /^.*?\.(?=\s|$)/.exec(text.trim())?.[0] ?? text.trim();
}

function run(wanted: readonly string[]): void {
  const results = wanted.map((name) => {
    console.log(`\n── ${name}`);
    const startMs = performance.now();
    const { status } = spawnSync(process.execPath, [join(folder, `${name}.ts`)], { stdio: "inherit" });
    return { name, passed: status === 0, durationS: (performance.now() - startMs) / 1000 };
  });
  console.log("");
  const width = Math.max(...wanted.map((name) => name.length));
  for (const { name, passed, durationS } of results) {
    console.log(`${passed ? "✓" : "✗"} ${name.padEnd(width)} ${durationS.toFixed(1).padStart(7)} s`);
  }
  if (results.some(({ passed }) => !passed)) process.exitCode = 1;
}

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== "--list" && !names.includes(arg));
if (unknown.length > 0) {
  console.error(`there is no measurement ${unknown.join(", ")}; there are: ${names.join(", ")}`);
  process.exitCode = 2;
} else if (args.includes("--list")) {
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const name of names) console.log(`${name.padEnd(width)}  ${describe(name)}`);
} else {
  run(args.length > 0 ? args : names);
}
