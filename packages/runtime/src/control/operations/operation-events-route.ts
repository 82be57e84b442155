import { Readable } from "node:stream";
import { type ApiScope, takesNoBody } from "../../http/api-scope.ts";
import { ProblemError } from "../../http/problems.ts";
import { requestSignal } from "../../http/request-signal.ts";
import { problemResponses } from "../../http/schemas.ts";
import type { OperationChange } from "../../operations/operation.ts";
import { type ControlContext, controlProblems } from "../control-context.ts";
import { operationParams } from "./operation-schema.ts";
import { operationsOf } from "./request-operation.ts";

const eventStream = "text/event-stream";

/**
 * `GET /control/v1/operations/{id}/events`: the operation as it goes, as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html). It ends with the operation; a
 * client that lost it goes on behind the last event that it has.
 */
export function operationEventsRoute(scope: ApiScope, context: ControlContext): void {
  scope.route({
    method: "GET",
    url: "/control/v1/operations/:id/events",
    config: { answersWith: eventStream },
    schema: {
      operationId: "followOperation",
      tags: ["operations"],
      summary: "Follow an operation",
      description:
        "Server-sent events, one for each change: the data is {state, step}, the id counts them. The stream ends with the operation.",
      security: [{ token: [] }],
      params: operationParams,
      "x-headers": {
        "Last-Event-ID": { required: false, description: "The id of the last event that the client has." },
      },
      "x-binary": { 200: { description: "The events, as text/event-stream." } },
      response: problemResponses([
        ...controlProblems,
        "NOT_READY",
        "INVALID_PARAMETER",
        "MALFORMED_HEADER",
        "OPERATION_NOT_FOUND",
      ]),
    },
    onRequest: [...context.access("operations:read"), takesNoBody],
    handler: async (request, reply) => {
      const operations = operationsOf(context);
      const after = lastEventId(request.headers["last-event-id"]);
      const { id } = request.params;
      if ((await operations.find(id)) === null) throw new ProblemError("OPERATION_NOT_FOUND");
      const signal = AbortSignal.any([requestSignal(reply), context.draining]);
      const events = Readable.from(textOf(operations.follow(id, after, signal)));
      // A client that goes away is no error, and neither is a server that drains.
      events.on("error", () => reply.raw.end());
      return reply
        .code(200 as never)
        .header("content-type", eventStream)
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .send(events as never);
    },
  });
}

/** A change for each event; a comment where nothing happened for a while, so that the connection stays open. */
async function* textOf(changes: AsyncIterable<readonly OperationChange[]>): AsyncGenerator<string> {
  for await (const some of changes) {
    if (some.length === 0) yield ":\n\n";
    for (const { revision, ...change } of some) {
      yield `id: ${revision}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
    }
  }
}

/** @throws ProblemError MALFORMED_HEADER */
function lastEventId(text: string | string[] | undefined): number {
  if (text === undefined || text === "") return 0;
  if (typeof text !== "string" || !/^\d{1,9}$/.test(text)) {
    throw new ProblemError("MALFORMED_HEADER", {
      detail: "Last-Event-ID is the id of an event of this stream",
    });
  }
  return Number(text);
}
