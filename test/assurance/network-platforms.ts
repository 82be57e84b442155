/* Platforms of other shapes than the reference ones: what is allowed in them, a checker must not call a hole. */
import type { ShippedFiles } from "@tenantry/assurance";
import { synthesize } from "@tenantry/aws/synthesis";
import {
  bucket,
  definePlatform,
  documentdb,
  openDeployment,
  postgres,
  redis,
  resolve,
  service,
  tier,
} from "@tenantry/model";

const website = definePlatform({
  name: "website",
  domain: "example.com",
  compute: "fargate",
  network: {
    cidr: "10.20.0.0/16",
    zones: 2,
    subnets: { public: "auto", web: "auto", app: "auto", database: "auto" },
    natGateways: "single",
    endpoints: ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms", "sts"],
  },
  services: {
    front: service({
      image: "front:1",
      port: 3000,
      subnets: "web",
      allowFrom: ["load-balancer"],
      route: "/",
      uses: ["sessions"],
    }),
    orders: service({
      image: "orders:1",
      port: 4000,
      subnets: "app",
      allowFrom: ["front"],
      uses: ["main"],
      egress: "none",
    }),
  },
  stores: {
    main: postgres({ engine: "aurora", subnets: "database" }),
    sessions: redis({ subnets: "database" }),
  },
  tiers: {
    pool: tier({ services: { front: "pool", orders: "pool" }, stores: { main: "pool", sessions: "pool" } }),
  },
  tenants: { one: "pool", two: "pool" },
  environments: { production: { region: "eu-west-1" } },
});

const mixed = definePlatform({
  name: "mixed",
  domain: "example.org",
  compute: "fargate",
  network: {
    cidr: "10.30.0.0/16",
    zones: 3,
    natGateways: "per-zone",
    networkAcls: "open",
    flowLogs: null,
    endpoints: [],
  },
  services: {
    app: service({
      image: "app:1",
      port: 8080,
      route: "/",
      uses: ["main", "cache", "files"],
      allowFrom: ["load-balancer"],
    }),
    mail: service({ image: "mail:1", port: 2525, allowFrom: ["app"], uses: ["archive"] }),
  },
  stores: {
    main: postgres({ engine: "rds" }),
    cache: redis({}),
    archive: documentdb({}),
    files: bucket({}),
  },
  tiers: {
    pool: tier({
      services: { app: "pool", mail: "pool" },
      stores: { main: "pool", cache: "pool", archive: "pool", files: "pool" },
    }),
    silo: tier({
      services: { app: "silo", mail: "pool" },
      stores: { main: "bridge", cache: "bridge", archive: "pool", files: "silo" },
    }),
  },
  tenants: { "acme-corp": "silo", "globex-inc": "silo", small: "pool" },
  cells: { capacity: 1 },
  environments: { production: { region: "us-east-1" } },
});

const inside = definePlatform({
  name: "inside",
  domain: "example.net",
  compute: "fargate",
  network: {
    cidr: "10.40.0.0/16",
    zones: 2,
    natGateways: "none",
    endpoints: ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "kms"],
  },
  routing: { scheme: "internal" },
  cells: { capacity: 10 },
  services: {
    app: service({
      image: "app:1",
      port: 8080,
      route: "/",
      uses: ["main"],
      allowFrom: ["load-balancer"],
      egress: "none",
    }),
  },
  stores: { main: postgres({ engine: "aurora" }) },
  tiers: { silo: tier({ services: { app: "silo" }, stores: { main: "silo" } }) },
  tenants: { "acme-corp": "silo", "globex-inc": "silo" },
  environments: { production: { region: "us-west-2" } },
});

const abroad = definePlatform({
  name: "abroad",
  domain: "example.info",
  compute: "fargate",
  network: { cidr: "10.50.0.0/16", zones: 2 },
  cells: { capacity: 10 },
  services: {
    app: service({
      image: "app:1",
      port: 8080,
      route: "/",
      uses: ["main", "cache"],
      allowFrom: ["load-balancer"],
      discovery: "cloud-map",
    }),
  },
  stores: { main: postgres({ engine: "aurora" }), cache: redis({}) },
  tiers: {
    silo: tier({ services: { app: "silo" }, stores: { main: "silo", cache: "pool" } }),
    pool: tier({ services: { app: "pool" }, stores: { main: "bridge", cache: "pool" } }),
  },
  tenants: { "acme-corp": "silo", "globex-inc": "silo", small: "pool" },
  environments: {
    production: {
      region: "eu-west-1",
      recovery: { region: "eu-central-1", strategy: "warm-standby", rtoMinutes: 30, rpoSeconds: 60 },
    },
  },
});

export const otherShapes = ["website", "mixed", "inside", "abroad"] as const;

const definitions = { website, mixed, inside, abroad };

const known = new Map<string, ShippedFiles>();

/** What synthesis writes for a platform of another shape. */
export function otherShape(name: (typeof otherShapes)[number]): ShippedFiles {
  const files =
    known.get(name) ??
    synthesize(resolve(definitions[name], "production", { deployment: openDeployment })).files;
  known.set(name, files);
  return files;
}
