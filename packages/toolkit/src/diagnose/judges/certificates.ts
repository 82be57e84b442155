import { type Judgment, judgment, type Subject } from "../finding.ts";
import type { CertificateSnapshot, Snapshot } from "../snapshot.ts";

const dayMs = 86_400_000;
/** ACM renews 60 days before; what is not renewed 30 days before will not be by itself. */
const warningDays = 30;

/** Whether certificates are issued, and stay so. */
export function judgeCertificates({ regions, nowMs }: Snapshot): readonly Judgment[] {
  return regions.flatMap(({ certificates, region }) =>
    Object.entries(certificates).flatMap(([arn, found]) => {
      const subject = { kind: "certificate", id: arn, region, tenant: null } as const;
      if (found.kind === "missing")
        return [
          judgment({
            severity: "error",
            code: "CERTIFICATE_MISSING",
            subject,
            what: `the certificate ${arn} does not exist`,
            fix: ["tenantry plan, then tenantry deploy"],
          }),
        ];
      return found.kind === "found" ? judgeCertificate(found.value, subject, nowMs) : [];
    }),
  );
}

function judgeCertificate(
  { status, domain, failure, expiresAtMs, pending, arn }: CertificateSnapshot,
  subject: Subject,
  nowMs: number,
): readonly Judgment[] {
  if (status === "PENDING_VALIDATION")
    return [
      judgment({
        severity: "error",
        code: "CERTIFICATE_NOT_VALIDATED",
        subject,
        what: `the certificate of ${domain} waits for proof of the domain`,
        because: pending.map((one) => `${one.domain} is not proved`),
        fix: pending.map(({ record, domain: name }) =>
          record === null
            ? `aws acm describe-certificate --certificate-arn ${arn} (it has no record for ${name} yet)`
            : `in the DNS of ${name.replace(/^\*\./, "")}: ${record.name} ${record.type} ${record.value}`,
        ),
      }),
    ];
  if (status !== "ISSUED")
    return [
      judgment({
        severity: "error",
        code: "CERTIFICATE_NOT_ISSUED",
        subject,
        what: `the certificate of ${domain} is ${status}${failure === null ? "" : `: ${failure}`}`,
        fix: [`aws acm describe-certificate --certificate-arn ${arn}`, "tenantry plan, then tenantry deploy"],
      }),
    ];
  const days = expiresAtMs === null ? Infinity : Math.floor((expiresAtMs - nowMs) / dayMs);
  if (days > warningDays) return [];
  return [
    judgment({
      severity: days <= 0 ? "error" : "warning",
      code: days <= 0 ? "CERTIFICATE_EXPIRED" : "CERTIFICATE_EXPIRES",
      subject,
      what:
        days <= 0
          ? `the certificate of ${domain} has expired`
          : `the certificate of ${domain} expires in ${days} days, and ACM has not renewed it`,
      because: pending.map((one) => `${one.domain} is not proved any more`),
      fix: [
        "put the record that proves the domain back into its DNS: ACM renews by itself then",
        `aws acm describe-certificate --certificate-arn ${arn}`,
      ],
    }),
  ];
}
