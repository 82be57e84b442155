#!/usr/bin/env node
// Ends with 0 while the server in this container is alive. Plain JavaScript and nothing imported, because
// it is started every few seconds.
const { GATEWAY_PORT = "8080", LISTEN_HOST = "0.0.0.0" } = process.env;
const anywhere = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };
const host = anywhere[LISTEN_HOST] ?? (LISTEN_HOST.includes(":") ? `[${LISTEN_HOST}]` : LISTEN_HOST);
try {
  const signal = AbortSignal.timeout(4_000);
  const { ok } = await fetch(`http://${host}:${GATEWAY_PORT}/health/live`, { signal });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
