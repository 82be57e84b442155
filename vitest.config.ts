import { defineConfig } from "vitest/config";

// The suffix says what a test needs: nothing, a real PostgreSQL, or a real browser.
const database = "**/*.database.test.ts";
const browser = "**/*.browser.test.ts";
const exclude = ["**/node_modules/**", "**/.tenantry/**"];

export default defineConfig({
  test: {
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
          ],
          exclude: [...exclude, database, browser],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "database",
          include: [database],
          exclude,
          globalSetup: ["test/database-server.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { name: "browser", include: [browser], exclude, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: { name: "repository", include: ["test/repository/*.test.ts"], exclude, testTimeout: 60_000 },
      },
    ],
  },
});
