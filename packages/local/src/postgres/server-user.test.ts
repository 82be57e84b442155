import { expect, test } from "vitest";
import { parseUsers } from "./server-user.ts";

test("root, users with negative ids and lines that are none are left out", () => {
  const passwd = `root:x:0:0:root:/root:/bin/bash
# a comment
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
nobody:*:-2:-2:Unprivileged User:/var/empty:/usr/bin/false
postgres:x:101:104:PostgreSQL,,,:/var/lib/postgresql:/bin/bash
broken
`;
  expect(parseUsers(passwd)).toEqual([
    { name: "daemon", ids: { uid: 1, gid: 1 } },
    { name: "postgres", ids: { uid: 101, gid: 104 } },
  ]);
  expect(parseUsers("")).toEqual([]);
});
