import { detailTypeOf } from "./lifecycle-events.ts";
import type { TakenDelivery } from "./delivery-queue.ts";

/**
 * The body of a delivery: `type`, `timestamp` and `data` as Standard Webhooks has them, and what an
 * event has on SBT's event bus. The same bytes in every attempt.
 */
export function webhookMessage({ eventId, event }: TakenDelivery): string {
  return JSON.stringify({
    id: eventId,
    type: event.type,
    detailType: detailTypeOf(event.type),
    source: event.source,
    timestamp: event.occurredAt.toISOString(),
    operationId: event.operation,
    data: event.detail,
  });
}
