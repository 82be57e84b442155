import type { FastifyInstance } from "fastify";
import type { ListenerName } from "./log-entry.ts";

/** Follows requests from outside. A listener without one pays nothing. */
export interface RequestObserver {
  /** Adds its hooks; called when those are there that give a request its id, and before all others. */
  attach(app: FastifyInstance, listener: ListenerName): void;
}
