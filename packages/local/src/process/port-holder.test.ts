import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { findPortHolder, listeningInodes } from "./port-holder.ts";
import { findFreePort, probePort } from "./ports.ts";

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0`;

test("only sockets that listen on the port count", () => {
  expect(listeningInodes(table, 8080)).toEqual(["4711"]);
  expect(listeningInodes(table, 22)).toEqual(["4713"]);
  expect(listeningInodes(table, 80)).toEqual([]);
  expect(listeningInodes("", 80)).toEqual([]);
});

test("the program that holds a port is named, and a free port has none", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await probePort(port, "127.0.0.1")).toBe("taken");
  if (process.platform === "linux") expect(await findPortHolder(port)).toContain(`(process ${process.pid})`);
  await new Promise((resolve) => server.close(resolve));
  expect(await probePort(port, "127.0.0.1")).toBe("free");
  expect(await findPortHolder(await findFreePort("127.0.0.1"))).toBeNull();
});
