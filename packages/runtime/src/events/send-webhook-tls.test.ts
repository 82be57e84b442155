import { generateKeyPairSync, sign } from "node:crypto";
import https from "node:https";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { systemClock } from "@tenantry/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sendWebhook } from "./send-webhook.ts";

/** One value of DER: its tag, its length, what is in it. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const text = (tag: number, value: string) => der(tag, Buffer.from(value));

/** A certificate for one host name, signed by itself (RFC 5280), valid until 2049. */
function certificateFor(host: string): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaWithSha256 = sequence(objectId("2a8648ce3d040302"));
  const name = sequence(der(0x31, sequence(objectId("550403"), text(0x0c, host))));
  const hostNames = sequence(objectId("551d11"), der(0x04, sequence(text(0x82, host))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ecdsaWithSha256,
    name,
    sequence(text(0x17, "200101000000Z"), text(0x17, "491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(hostNames)),
  );
  const signature = der(0x03, Buffer.of(0), sign("sha256", body, privateKey));
  const base64 = sequence(body, ecdsaWithSha256, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
}

const host = "hooks.example.com";
const certificate = certificateFor(host);
let requests = 0;
const server = https.createServer(certificate, (_request, response) => {
  requests += 1;
  response.writeHead(204).end();
});
const trusted = tls.getCACertificates("default");
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  tls.setDefaultCACertificates(trusted);
  server.close();
});

const send = (name: string) =>
  sendWebhook(
    { url: `https://${name}:${(server.address() as AddressInfo).port}/`, headers: {}, body: "{}" },
    {
      allowLoopback: true,
      clock: systemClock,
      resolveHost: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
      timeoutMs: 5_000,
      signal: new AbortController().signal,
    },
  );

test("a receiver gets nothing before its certificate is known to be good and its own", async () => {
  expect(await send(host)).toEqual({
    kind: "failed",
    reason: "its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)",
  });
  tls.setDefaultCACertificates([...trusted, certificate.cert]);
  expect(await send("other.example.com")).toEqual({
    kind: "failed",
    reason: "its certificate is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)",
  });
  expect(requests).toBe(0);
  // The same server under the name that its certificate is for.
  expect(await send(host)).toEqual({ kind: "answered", status: 204, retryAfterSeconds: null });
  expect(requests).toBe(1);
});
