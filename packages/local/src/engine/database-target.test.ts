import { isCodedError } from "@tenantry/base";
import { expect, test } from "vitest";
import { parseDatabaseUrl } from "./database-target.ts";

test.each([
  [
    "postgres://me:secret@db.example.com:6432/x",
    { host: "db.example.com", port: 6432, tls: "off" },
    "me",
    "secret",
  ],
  ["postgresql://me@localhost", { host: "localhost", port: 5432, tls: "off" }, "me", ""],
  [
    "postgres://a%40b:p%2Fw@[::1]:1?sslmode=verify-full",
    { host: "::1", port: 1, tls: "require" },
    "a@b",
    "p/w",
  ],
])("%s is understood", (url, server, user, password) => {
  expect(parseDatabaseUrl(url)).toEqual({ server, admin: { user, password } });
});

test.each([
  ["", "it is not a postgres:// URL"],
  ["mysql://me:secret@host", "it is not a postgres:// URL"],
  ["host=localhost password=secret", "it is not a postgres:// URL"],
  ["postgres://:secret@host", "it names no user"],
  ["postgres://me:secret@host?sslmode=maybe", "its sslmode is maybe"],
  ["postgres://me:secret%zz@host", "user or password is not percent-encoded"],
])("%j is refused, and the password stays out of the message", (url, reason) => {
  try {
    parseDatabaseUrl(url);
    expect.unreachable();
  } catch (error) {
    expect(isCodedError(error) && [error.code, error.params["reason"]]).toEqual([
      "LOCAL_DATABASE_URL",
      reason,
    ]);
    expect(JSON.stringify(error) + String(error)).not.toContain("secret");
  }
});
