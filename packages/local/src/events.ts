import type { CodedError } from "@tenantry/base";
import type { DatabaseEvent, OperationsEvent, TenantLeftAlone } from "@tenantry/runtime";

/** What the engine tells while it works. The caller decides what a person gets to see. */
export type LocalEvent = PlatformEvent | PostgresEvent | ServiceEvent | DatabaseEvent;

/** The parts of a start, in their order. */
export type PhaseName = "postgresql" | "database" | "tenants" | "services" | "gateway";

export type PlatformEvent =
  | {
      readonly kind: "phase";
      readonly name: PhaseName;
      readonly status: "started" | "done" | "failed";
      readonly durationMs: number;
    }
  | TenantLeftAlone
  | { readonly kind: "operations-failed"; readonly error: unknown }
  | OperationsEvent
  | { readonly kind: "stopping"; readonly name: StopName }
  /** It did not stop within its limit and is left to the operating system. */
  | { readonly kind: "stop-overdue"; readonly name: StopName; readonly limitMs: number }
  | { readonly kind: "stale-lock-removed"; readonly pid: number | null };

/** What is stopped, in this order. */
export type StopName = "gateway" | "operations" | "services" | "database" | "postgresql";

export type PostgresEvent =
  | { readonly kind: "postgres-interrupted-setup-removed"; readonly dir: string }
  | { readonly kind: "postgres-created"; readonly dir: string; readonly durationMs: number }
  | {
      readonly kind: "postgres-data-elsewhere";
      readonly dataDir: string;
      readonly dir: string;
      readonly user: string;
    }
  | { readonly kind: "postgres-stale-lock-removed"; readonly pid: number }
  | { readonly kind: "postgres-left-over-stopped"; readonly pid: number; readonly by: NodeJS.Signals }
  | { readonly kind: "postgres-recovering"; readonly elapsedMs: number }
  | {
      readonly kind: "postgres-ready";
      readonly pid: number;
      readonly port: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: "postgres-exited";
      readonly pid: number;
      readonly exitCode: number | null;
      readonly signal: NodeJS.Signals | null;
    }
  | { readonly kind: "postgres-restarting"; readonly attempt: number; readonly delayMs: number }
  /** It exited again and again and is not started any more. */
  | { readonly kind: "postgres-failed"; readonly error: CodedError };

export type ServiceEvent =
  /** It exists only as an image, which nothing here can run. */
  | { readonly kind: "service-absent"; readonly service: string }
  | { readonly kind: "service-left-over-stopped"; readonly service: string }
  | {
      readonly kind: "service-output";
      readonly service: string;
      readonly stream: "stdout" | "stderr";
      readonly line: string;
    }
  | {
      readonly kind: "service-ready";
      readonly service: string;
      readonly port: number;
      readonly durationMs: number;
    }
  | {
      readonly kind: "service-unhealthy";
      readonly service: string;
      readonly reason: string;
      readonly count: number;
    }
  | {
      readonly kind: "service-exited";
      readonly service: string;
      readonly exitCode: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Why we ended it; null when it ended by itself. */
      readonly reason: string | null;
      readonly restartInMs: number;
    }
  /** It ends again and again. It is still tried, at long intervals. */
  | {
      readonly kind: "service-crash-loop";
      readonly service: string;
      readonly exits: number;
      readonly lastLines: readonly string[];
    };
