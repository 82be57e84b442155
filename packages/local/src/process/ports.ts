import { createServer } from "node:net";

/** Whether a server could listen there now: `free`, `taken`, or `forbidden` (a port below 1024, say). */
export function probePort(port: number, host: string): Promise<"free" | "taken" | "forbidden"> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve(error.code === "EACCES" ? "forbidden" : "taken"),
    );
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve("free")));
  });
}

/** A port that is free at this moment. Another program may still be faster: whoever uses it tries again. */
export function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ port: 0, host, exclusive: true }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
