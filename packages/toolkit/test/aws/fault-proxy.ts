import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import { type Random, systemClock } from "@tenantry/base";

/** What happens to calls, each as a share of all of them. */
export interface Faults {
  readonly throttled: number;
  readonly failed: number;
  /** The connection is cut before the call arrives. */
  readonly cut: number;
  /** The call is carried out, and its answer gets lost. */
  readonly answerLost: number;
  readonly slow: number;
}

export interface FaultProxy extends AsyncDisposable {
  readonly endpoint: string;
  /** How often each fault was done. */
  readonly done: Readonly<Record<keyof Faults, number>>;
}

/** Stands between the SDK and an emulator, and does to calls what networks and services do. */
export async function faultProxy(target: string, faults: Faults, random: Random): Promise<FaultProxy> {
  const done = { throttled: 0, failed: 0, cut: 0, answerLost: 0, slow: 0 };
  const pick = (): keyof Faults | null => {
    let left = random.unit();
    for (const [name, share] of Object.entries(faults) as [keyof Faults, number][]) {
      if (left < share) return name;
      left -= share;
    }
    return null;
  };
  const server = createServer((request, response) => {
    const fault = pick();
    if (fault !== null) done[fault] += 1;
    if (fault === "cut") request.socket.destroy();
    else if (fault === "failed") response.writeHead(random.below(2) === 0 ? 500 : 503).end();
    else if (fault === "throttled") throttle(request, response);
    else void pass(request, response, target, fault, random);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    done,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** In the words of the service that is asked: CloudFormation speaks XML, Parameter Store JSON. */
function throttle({ headers }: IncomingMessage, response: ServerResponse): void {
  if ((headers["content-type"] ?? "").includes("json")) {
    response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
    response.end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
    return;
  }
  response.writeHead(400, { "content-type": "text/xml" });
  response.end(
    "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>",
  );
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  fault: keyof Faults | null,
  random: Random,
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return;
  }
  if (fault === "slow") await systemClock.sleep(50 + random.below(200));
  const { method, headers, url = "/" } = request;
  const call = forward(
    new URL(url, target),
    { method, headers: { ...headers, connection: "close" } },
    (answer) => {
      if (fault === "answerLost") {
        answer.resume();
        answer.on("end", () => response.destroy());
        return;
      }
      const { connection: _, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 500, rest);
      answer.pipe(response);
    },
  );
  call.on("error", () => response.destroy());
  call.end(Buffer.concat(chunks));
}
