import { z } from "zod";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import { operationKinds, operationStates, stepStates } from "../../operations/operation.ts";

export const operationParams = z.strictObject({
  id: z.string().regex(uuidPattern, "must be a UUID in lower case"),
});

/** The body of a request that says all by its path. */
export const noInputSchema = z
  .strictObject({})
  .register(apiSchemas, { id: "NoInput", description: "Nothing more needs to be said." });

const stepSchema = z.strictObject({
  name: z.string(),
  state: z.enum(stepStates),
  startedAt: timestamp.nullable(),
  endedAt: timestamp.nullable(),
  detail: z.string().nullable(),
});

const facts = z.record(z.string(), z.unknown());

export const operationSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(operationKinds),
    tenant: z.string(),
    state: z.enum(operationStates),
    steps: z.array(stepSchema),
    input: facts,
    result: facts.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    requestedBy: z.string(),
    createdAt: timestamp,
    updatedAt: timestamp,
    endedAt: timestamp.nullable(),
  })
  .register(apiSchemas, {
    id: "Operation",
    description:
      "Something that is done to a tenant, in steps that survive crashes. One that waits does so for its time, such as the end of a grace period.",
    examples: [
      {
        id: "019b5a3e-1c00-7b21-9d07-6a1f5e8c4b2a",
        kind: "suspend",
        tenant: "umbrella-co",
        state: "succeeded",
        steps: [
          {
            name: "suspend",
            state: "succeeded",
            startedAt: "2026-01-31T12:00:00.000Z",
            endedAt: "2026-01-31T12:00:00.040Z",
            detail: null,
          },
        ],
        input: { reason: "invoice unpaid" },
        result: { status: "suspended" },
        error: null,
        requestedBy: "ada@example.com",
        createdAt: "2026-01-31T12:00:00.000Z",
        updatedAt: "2026-01-31T12:00:00.040Z",
        endedAt: "2026-01-31T12:00:00.040Z",
      },
    ],
  });
