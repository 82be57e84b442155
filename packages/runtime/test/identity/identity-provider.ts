import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK } from "jose";

export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** An identity provider on this machine, whose answers a test can change. */
export class IdentityProvider {
  readonly server: Server;
  answer: { status: number; body: string } = { status: 200, body: "" };
  description: ((origin: string) => unknown) | null = null;
  requests = 0;

  constructor() {
    this.server = createServer((request, response) => {
      this.requests += 1;
      const isDescription = request.url === "/.well-known/openid-configuration";
      if (isDescription && this.description !== null) {
        response.end(JSON.stringify(this.description(this.origin)));
        return;
      }
      response.writeHead(this.answer.status, { location: "/elsewhere" }).end(this.answer.body);
    });
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async serve(pairs: readonly [string, KeyPair, string?][]): Promise<void> {
    const keys = await Promise.all(
      pairs.map(async ([id, pair, alg]) => ({
        ...(await exportJWK(pair.publicKey)),
        kid: id,
        use: "sig",
        ...(alg === undefined ? {} : { alg }),
      })),
    );
    this.answer = { status: 200, body: JSON.stringify({ keys }) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
