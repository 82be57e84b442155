import { z } from "zod";
import { errors } from "../errors.ts";
import { part, report, without } from "./part.ts";
import { distinct, logRetentionDays, nameOf, percent, port, text, timeOfDay, whole } from "./scalars.ts";

const hours = part({
  /** IANA time zone. Default "UTC". */
  timeZone: z
    .string()
    .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, 'an IANA time zone, such as "Europe/Berlin"')
    .default("UTC"),
  /** Working days. Default Monday to Friday. */
  days: distinct(
    z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
    "day",
  )
    .min(1)
    .default(["monday", "tuesday", "wednesday", "thursday", "friday"]),
  /** Begin of the day. Default "09:00". */
  from: timeOfDay.default("09:00"),
  /** End of the day. Default "18:00". */
  to: timeOfDay.default("18:00"),
});

const destination = z.discriminatedUnion("kind", [
  /** PagerDuty; the integration key is a secret. */
  part({ kind: z.literal("pagerduty"), secret: text }),
  part({ kind: z.literal("slack"), channel: z.string(), secret: text }).superRefine(
    ({ channel }, context) => {
      if (!/^#[a-z0-9_-]{1,79}$/.test(channel)) {
        report(
          context,
          ["channel"],
          errors.MODEL_DESTINATION({ value: channel, destination: "Slack", example: "#alerts" }),
        );
      }
    },
  ),
  part({ kind: z.literal("email"), address: z.string() }).superRefine(({ address }, context) => {
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address)) {
      report(
        context,
        ["address"],
        errors.MODEL_DESTINATION({ value: address, destination: "e-mail", example: "on-call@example.com" }),
      );
    }
  }),
  /** Shown on a dashboard and nowhere else. */
  part({ kind: z.literal("dashboard"), dashboard: text }),
  part({ kind: z.literal("webhook"), secret: text }),
]);

const alertRoute = part({
  /** Names of destinations. */
  to: distinct(z.string().min(1), "destination").min(1),
  /** When people are disturbed: any time, or in business hours. Default "always". */
  hours: z.enum(["always", "business"]).default("always"),
});

const dashboard = part({
  /** What it says, for the one who builds it. */
  purpose: z.string().max(300).default(""),
  /** What the dashboard is about. */
  shows: distinct(
    z.enum([
      "infrastructure",
      "services",
      "cluster",
      "database",
      "cache",
      "application",
      "business",
      "security",
      "cost",
      "tenants",
    ]),
    "subject",
  ).min(1),
});

const slo = part({
  /** Name of a service. */
  service: z.string().min(1),
  /** What counts: answers without an error, or answers in time. Default "availability". */
  indicator: z.enum(["availability", "latency"]).default("availability"),
  /** Share of good requests, percent, below 100. */
  objectivePercent: percent(50, 99.999),
  /** Milliseconds within which a request counts as good; for latency. */
  latencyMs: whole(1, 600_000).nullable().default(null),
  /** Days over which it counts. Default 30. */
  windowDays: whole(1, 90).default(30),
}).superRefine(({ indicator, latencyMs }, context) => {
  if (indicator === "latency" && latencyMs === null) report(context, [], errors.MODEL_LATENCY_MISSING({}));
});

export const observabilitySchema = part({
  /** CloudWatch Container Insights. Default true. */
  containerInsights: z.boolean().default(true),
  /** Prometheus. Default none. */
  prometheus: without(
    part({
      /** Days that metrics are kept. Default 15. */
      retentionDays: whole(1, 1095).default(15),
      /** Seconds between two scrapes. Default 15. */
      scrapeIntervalSeconds: whole(1, 3600).default(15),
      /** Alertmanager beside it. Default true. */
      alertmanager: z.boolean().default(true),
      /** Recording rules of our own: name → PromQL. Default none. */
      recordingRules: z
        .record(
          z.string().regex(/^[a-zA-Z_:][\w:]*$/, 'the name of a rule, such as "service:errors:rate5m"'),
          text,
        )
        .default({}),
      /** Port. Default 9090. */
      port: port.default(9090),
    }),
  ),
  /** Grafana: dashboards are made for it too. Default false. */
  grafana: z.boolean().default(false),
  /** Dashboards by their title. Default none. */
  dashboards: z
    .array(part({ title: text, ...dashboard.shape }))
    .superRefine((dashboards, context) => {
      const seen = new Set<string>();
      for (const [index, { title }] of dashboards.entries()) {
        if (seen.has(title.toLowerCase()))
          report(context, [index, "title"], errors.MODEL_TWICE({ value: title, what: "dashboard" }));
        seen.add(title.toLowerCase());
      }
    })
    .default([]),
  /** Where logs go and how long they stay. */
  logs: part({
    /** Structured logs in Loki besides CloudWatch. Default none. */
    loki: without(
      part({
        /** Name of the bucket in which Loki keeps them. */
        bucket: z.string({ error: "the name of a bucket" }).min(1),
        /** Days that Loki keeps them. Default 30. */
        retentionDays: whole(1, 3653).default(30),
      }),
    ),
    /** One JSON object per line, or text. Default "json". */
    format: z.enum(["json", "text"]).default("json"),
    /** Days that a log is kept unless its service says otherwise. Default 30. */
    retentionDays: logRetentionDays.default(30),
  }).prefault({}),
  /** Distributed tracing. Default X-Ray, 5 % of requests, and every error. */
  tracing: part({
    /** Who gets the traces. Default "x-ray". */
    backend: z.enum(["x-ray", "opentelemetry"]).default("x-ray"),
    /** Share of requests that are traced, percent. Default 5. */
    samplePercent: percent().default(5),
    /** Share at endpoints with very many requests, percent. Default 1. */
    highVolumeSamplePercent: percent().default(1),
    /** Requests per second from which an endpoint counts as one with very many. Default 100. */
    highVolumeRequestsPerSecond: whole(1, 1_000_000).default(100),
    /** Errors and slow requests are always kept. Default true. */
    keepErrors: z.boolean().default(true),
  })
    .nullable()
    .prefault({}),
  /** RED metrics of the API: rate, errors, duration, by route and tenant. Default true. */
  redMetrics: z.boolean().default(true),
  /** Who is told what, and when. */
  alerts: part({
    /** Where alerts can go, by name. Default none. */
    destinations: z.record(nameOf("a destination", 32), destination).default({}),
    /** Where alerts of a severity go. Default nowhere. */
    routes: part({
      critical: alertRoute.optional(),
      high: alertRoute.optional(),
      medium: alertRoute.optional(),
      low: alertRoute.optional(),
    }).prefault({}),
    /** When people work. */
    businessHours: hours.prefault({}),
  }).prefault({}),
  /** Service level objectives by name; alerts burn-rate on them. Default none. */
  slos: z.record(nameOf("an objective", 48), slo).default({}),
});
