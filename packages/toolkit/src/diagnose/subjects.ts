import type { Subject, SubjectKind } from "./finding.ts";
import type { HostSnapshot, ServiceSnapshot } from "./snapshot.ts";
import type { StackSnapshot } from "./stack-snapshot.ts";

/** Something that tenants share. */
export function shared(kind: SubjectKind, id: string, region: string | null): Subject {
  return { kind, id, region, tenant: null };
}

export function subjectOfService({ arn, tenant }: ServiceSnapshot, region: string): Subject {
  return { kind: "service", id: arn, region, tenant };
}

export function subjectOfStack({ stackName, tenant }: StackSnapshot, region: string): Subject {
  return { kind: "stack", id: stackName, region, tenant };
}

export function subjectOfHost({ host, tenant }: HostSnapshot): Subject {
  return { kind: "host", id: host, region: null, tenant };
}

/** The part of an ARN that people know: acme_app of …:service/cell-1/acme_app. */
export function shortName(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn;
}
