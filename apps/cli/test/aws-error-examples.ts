import type { CodedError } from "@tenantry/base";
import { errors } from "@tenantry/toolkit";

const refused = { operation: "CreateChangeSet", region: "us-east-1", detail: "not authorized" };
const stack = { stack: "saas-production-data", region: "us-east-1" };
const environment = "production";
const tenant = "acme-corp";
const service = "api";
const reference = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/api:1.4.2";

/** One of each error that AWS, its deployments and images can end in. */
export const awsErrorExamples: readonly CodedError[] = [
  errors.TOOLKIT_SYNTH_FOLDER({ folder: "build" }),
  errors.TOOLKIT_ASSEMBLY_MISSING({ path: "build/cloudformation/manifest.json" }),
  errors.TOOLKIT_ASSEMBLY_INVALID({ path: "build/placement.json", detail: "tenants is missing" }),
  errors.TOOLKIT_ASSEMBLY_EDITED({ path: "build/cloudformation/data.template.json" }),
  errors.TOOLKIT_AWS_CREDENTIALS({ detail: "the token has expired" }),
  errors.TOOLKIT_AWS_DENIED(refused),
  errors.TOOLKIT_AWS_REGION({ region: "us-east-9", detail: "its endpoint is not known" }),
  errors.TOOLKIT_AWS_UNREACHABLE({ ...refused, detail: "connect ECONNREFUSED" }),
  errors.TOOLKIT_AWS_REFUSED({ ...refused, reason: "ValidationError", detail: "the name is too long" }),
  errors.TOOLKIT_ACCOUNT_MISMATCH({ expected: "111122223333", found: "444455556666" }),
  errors.TOOLKIT_DEPLOYMENT_LOCKED({
    holder: "ada@laptop",
    region: "us-east-1",
    until: "2026-01-01T00:05:00Z",
  }),
  errors.TOOLKIT_DEPLOYMENT_LOCK_LOST({ region: "us-east-1", holder: "bob@laptop" }),
  errors.TOOLKIT_DEPLOYMENT_OBSTACLES({ obstacles: ["saas-production-data belongs to somebody else"] }),
  errors.TOOLKIT_PLAN_MISSING({ path: "plan.json" }),
  errors.TOOLKIT_PLAN_INVALID({ path: "plan.json", detail: "its digest differs" }),
  errors.TOOLKIT_PLAN_STALE({ points: ["the template of data is another one"] }),
  errors.TOOLKIT_DATA_AT_RISK({
    losses: ["replaces the database data/MainCluster: 41 tenants"],
    permissions: ["replace:data/MainCluster"],
  }),
  errors.TOOLKIT_STACK_FOREIGN(stack),
  errors.TOOLKIT_STACK_STUCK({
    ...stack,
    status: "UPDATE_ROLLBACK_FAILED",
    detail: "the role may not delete it",
  }),
  errors.TOOLKIT_STACK_FAILED({
    ...stack,
    resource: "database",
    type: "AWS::RDS::DBCluster",
    reason: "quota of clusters reached",
    status: "ROLLBACK_COMPLETE",
  }),
  errors.TOOLKIT_STACK_FAILED({
    ...stack,
    resource: null,
    type: null,
    reason: "stopped by hand",
    status: "DELETE_FAILED",
  }),
  errors.TOOLKIT_VALUE_MISSING({ ...stack, names: ["/saas/production/network/vpc-id"] }),
  errors.TOOLKIT_CHANGE_SET_REFUSED({ ...stack, detail: "a parameter has no value" }),
  errors.TOOLKIT_DEPLOYMENT_FAILED({
    failures: ["saas-production-data in us-east-1 ended as ROLLBACK_COMPLETE"],
    notStarted: ["services"],
  }),
  errors.TOOLKIT_OUTPUTS_MISSING({ outputs: ["saas-production-foundation/VpcId"] }),
  errors.TOOLKIT_ENDPOINTS_SILENT({ endpoints: ["https://acme-corp.example.com (status 503)"] }),
  errors.TOOLKIT_DESTROY_UNCONFIRMED({ environment, confirm: "prod" }),
  errors.TOOLKIT_DESTROY_PROTECTED({ stacks: ["saas-production-data"] }),
  errors.TOOLKIT_TENANT_NOT_PLACED({ tenant }),
  errors.TOOLKIT_TENANT_NOT_DEPLOYED({ tenant }),
  errors.TOOLKIT_TENANT_DECLARED({ tenant, environment }),
  errors.TOOLKIT_TENANT_NOT_IN_ENVIRONMENT({ tenant: "acme-crop", environment, nearest: [tenant] }),
  errors.TOOLKIT_TENANT_NOT_IN_ENVIRONMENT({ tenant: "hooli", environment, nearest: [] }),
  errors.TOOLKIT_TENANT_BEING_REMOVED({ tenant, environment }),
  errors.TOOLKIT_TENANT_REFUSED({ tenant, detail: "its name would be too long" }),
  errors.TOOLKIT_TENANT_HOST_TAKEN({ tenant, host: "acme-corp.example.com", other: "globex-inc" }),
  errors.TOOLKIT_TIER_WITHOUT_STACK({ tier: "pool", own: ["silo"] }),
  errors.TOOLKIT_CELLS_FULL({ environment, cells: 2, capacity: 90 }),
  errors.TOOLKIT_ENVIRONMENT_INCOMPLETE({ environment, missing: ["cell-1", "data"] }),
  errors.TOOLKIT_TENANT_TIER_GONE({ environment, tier: "gold", tenants: [tenant] }),
  errors.TOOLKIT_ENGINE_MISSING({ tried: ["docker", "podman", "buildah"] }),
  errors.TOOLKIT_TENANT_STACK_UNREADABLE({ ...stack, tenant, tags: ["tenantry:cell"] }),
  errors.TOOLKIT_TENANT_DATA_WOULD_MOVE({ tenant, from: "pool", to: "silo", stores: ["main"] }),
  errors.TOOLKIT_ENGINE_FAILED({
    engine: "docker",
    doing: "build shop/api:1.4.2",
    status: 1,
    lastLines: ["COPY failed: no such file"],
  }),
  errors.TOOLKIT_ENGINE_FAILED({
    engine: "podman",
    doing: "push shop/api:1.4.2",
    status: null,
    lastLines: [],
  }),
  errors.TOOLKIT_REGISTRY_MISSING({
    service,
    region: "us-east-1",
    parameter: "/saas/production/registry/api",
    deploy: "tenantry deploy production",
  }),
  errors.TOOLKIT_ENGINE_OVERDUE({ engine: "docker", doing: "docker push", limitMs: 60_000 }),
  errors.TOOLKIT_IMAGE_SERVICE_UNKNOWN({ service: "ap", environment, known: [service] }),
  errors.TOOLKIT_IMAGE_NONE({ environment }),
  errors.TOOLKIT_IMAGE_DIGEST({ service, image: "api@sha256:0011" }),
  errors.TOOLKIT_IMAGE_TAG({ tag: "1 4 2" }),
  errors.TOOLKIT_IMAGE_CONFLICT({ reference: "shop/api:1.4.2", services: [service, "web"] }),
  errors.TOOLKIT_IMAGE_SOURCE({ service, path: "services/api/Dockerfile" }),
  errors.TOOLKIT_IMAGE_ARCHITECTURE({ service, found: "arm64", wanted: "x86_64" }),
  errors.TOOLKIT_IMAGE_NOT_BUILT({ service, reference: "shop/api:1.4.2", build: "tenantry images build" }),
  errors.TOOLKIT_IMAGE_FOREIGN({ service, image: "nginx:1.29" }),
  errors.TOOLKIT_IMAGE_TAG_TAKEN({ reference, digest: "sha256:0011" }),
  errors.TOOLKIT_IMAGE_LOST({ reference }),
  errors.TOOLKIT_REGISTRY_URI({ parameter: "/saas/production/registry/api", value: "nowhere" }),
];
