import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// The suffix says what a test needs: nothing, a real PostgreSQL, an emulator of AWS, or a real browser.
const database = "**/*.database.test.ts";
const aws = "**/*.aws.test.ts";
const browser = "**/*.browser.test.ts";
/** It kills a process a hundred times: a project of its own, that other runs can leave out. */
const crashes = "packages/runtime/test/operations/crash.database.test.ts";
const exclude = ["**/node_modules/**", "**/.tenantry/**"];

export default defineConfig({
  test: {
    // Vitest leaves one processor to itself, and of two that is half: a test waits more than it computes.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/**/*.test.ts",
            "apps/**/*.test.ts",
            "platforms/**/*.test.ts",
            "tools/**/*.test.ts",
            "test/schemathesis/*.test.ts",
            "test/assurance/**/*.test.ts",
          ],
          exclude: [...exclude, database, aws, browser],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "database",
          include: [database],
          exclude: [...exclude, crashes],
          globalSetup: ["test/database-server.ts"],
          // What hangs is ended. As long as this only beside much other work.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "crash",
          include: [crashes],
          exclude,
          globalSetup: ["test/database-server.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "aws",
          include: [aws],
          exclude,
          globalSetup: ["test/aws-emulator.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "browser",
          include: [browser],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // What a page shows takes longer beside other work than the second that is the default.
          expect: { poll: { timeout: 15_000 } },
        },
      },
      {
        test: { name: "repository", include: ["test/repository/*.test.ts"], exclude, testTimeout: 60_000 },
      },
    ],
  },
});
