import { z } from "zod";
import { errors } from "../errors.ts";
import { checked, part, without } from "./part.ts";
import { distinct, domain, hostPattern, percent, urlPath, whole } from "./scalars.ts";

/** The load balancer and the hosts in front of the services. */
export const routingSchema = part({
  /** Hosts of a tenant. Default "{tenant}.{domain}" and "*.{tenant}.{domain}". */
  tenantHosts: distinct(hostPattern, "host").min(1).default(["{tenant}.{domain}", "*.{tenant}.{domain}"]),
  /** The answer to a host that belongs to nobody. Default 404 "Invalid tenant". */
  unknownHost: part({
    /** HTTP status. Default 404. */
    status: whole(400, 499).default(404),
    /** Text of the answer. Default "Invalid tenant". */
    body: z.string().max(1024).default("Invalid tenant"),
  }).prefault({}),
  /** What the load balancer speaks: "https" (ACM certificate, HTTP redirected) or "http". Default "https". */
  listener: z.enum(["https", "http"]).default("https"),
  /** Oldest TLS that it accepts. Default "1.3". */
  tlsMinimum: z.enum(["1.2", "1.3"]).default("1.3"),
  /** Whether it is reachable from the internet. Default "internet-facing". */
  scheme: z.enum(["internet-facing", "internal"]).default("internet-facing"),
  /** Seconds that an idle connection stays open. Default 60. */
  idleTimeoutSeconds: whole(1, 4000).default(60),
  /** Kubernetes ingress in front of services on EKS. Default "load-balancer-controller". */
  ingress: z.enum(["load-balancer-controller", "ingress-nginx"]).default("load-balancer-controller"),
});

const rateRule = part({
  /** Name of the rule; part of its metric. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/, 'a name of letters, digits, _ and -, such as "all-requests"'),
  /** Requests in the window from one source until it is blocked. */
  requests: whole(10, 2_000_000_000),
  /** Window, seconds. Default 300. */
  windowSeconds: z.literal([60, 120, 300, 600]).default(300),
  /** What counts as one source. Default "ip". */
  by: z.enum(["ip", "forwarded-ip", "host"]).default("ip"),
  /** Paths that begin so. Default all. */
  path: urlPath.default("/"),
});

const countryCode = checked(z.string(), (value) =>
  /^[A-Z]{2}$/.test(value) ? null : errors.MODEL_COUNTRY({ value }),
);

/** What stands between the internet and the load balancer. */
export const edgeSchema = part({
  /** CloudFront. Default none. */
  cloudFront: without(
    part({
      /** Which edge locations answer. Default "100" (North America and Europe). */
      priceClass: z.enum(["100", "200", "all"]).default("100"),
      /** Oldest TLS that viewers may use. Default "1.2". */
      tlsMinimum: z.enum(["1.2", "1.3"]).default("1.2"),
      /** Countries that are let in or kept out. Default none. */
      geoRestriction: without(
        part({ mode: z.enum(["allow", "deny"]), countries: distinct(countryCode, "country").min(1) }),
      ),
      /** Distribution tenants for domains of tenants' own. Default false. */
      customDomains: z.boolean().default(false),
      /** Answers are compressed. Default true. */
      compress: z.boolean().default(true),
    }),
  ),
  /** AWS WAF. Default none. */
  waf: without(
    part({
      /** Where the rules stand. Default "cloudfront". */
      attachTo: z.enum(["cloudfront", "load-balancer"]).default("cloudfront"),
      /** AWS managed rule groups. Default: common, known bad inputs, SQL injection, IP reputation. */
      managedRules: distinct(
        z.enum([
          "common",
          "known-bad-inputs",
          "sql-injection",
          "ip-reputation",
          "anonymous-ip",
          "linux",
          "unix",
          "admin-protection",
          "bot-control",
        ]),
        "rule group",
      ).default(["common", "known-bad-inputs", "sql-injection", "ip-reputation"]),
      /** Limits per source. Default none. */
      rateRules: z.array(rateRule).max(10).default([]),
    }),
  ),
  /** AWS Shield. "standard" is always there and costs nothing. Default "standard". */
  shield: z.enum(["standard", "advanced"]).default("standard"),
  /** Route 53. */
  dns: part({
    /** An existing hosted zone; null makes one for the domain. */
    hostedZone: domain.nullable().default(null),
    /** Health checks of the region's entry. Default none. */
    healthCheck: without(
      part({
        /** The path that must answer. Default "/health/ready". */
        path: urlPath.default("/health/ready"),
        /** Seconds between two checks. Default 30. */
        intervalSeconds: z.literal([10, 30]).default(30),
        /** Bad answers in a row until the region counts as down. Default 3. */
        failures: whole(1, 10).default(3),
      }),
    ),
    /** Failover routing between the regions. Default false. */
    failover: z.boolean().default(false),
    /** Seconds that answers are cached. Default 60. */
    ttlSeconds: whole(0, 172_800).default(60),
    /** Share of users sent to the recovery region in normal times, percent. Default 0. */
    recoveryPercent: percent().default(0),
  }).prefault({}),
});
