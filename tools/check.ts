// Everything that can be said about the sources without running them: types, lint, format, and what
// nothing uses. All four run, whatever the others say, so that one run shows all there is to mend.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

const checks = [
  { name: "types", command: "tsc", args: ["-p", "."] },
  { name: "lint", command: "oxlint", args: ["--deny-warnings"] },
  { name: "format", command: "oxfmt", args: ["--check"] },
  { name: "unused", command: "knip", args: ["--no-config-hints"] },
] as const;

const results = checks.map(({ name, command, args }) => {
  console.log(`\n── ${name}: ${[command, ...args].join(" ")}`);
  const startMs = performance.now();
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return { name, passed: status === 0, durationS: (performance.now() - startMs) / 1000 };
});

console.log("");
for (const { name, passed, durationS } of results) {
  console.log(`${passed ? "✓" : "✗"} ${name.padEnd(8)} ${durationS.toFixed(1).padStart(6)} s`);
}
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
