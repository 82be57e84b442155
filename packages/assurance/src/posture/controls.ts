import type { Platform } from "@tenantry/model";

/** A framework whose controls rules serve. */
export interface Framework {
  readonly title: string;
  /** Where its text is. */
  readonly source: string;
  /** What `compliance` of a definition says to ask for it; null where it has no word for it. */
  readonly askedBy: Platform["compliance"][number] | null;
  /** What no template can show, and people must. */
  readonly outside: string;
  readonly controls: Readonly<Record<string, Control>>;
}

export interface Control {
  /** What it asks for, in our words. */
  readonly title: string;
  /** Ids of rules, or the beginning of the ids of a theme, such as "iam/". */
  readonly rules: readonly string[];
}

/** Who may reach what of whom: the proofs of isolation. */
const isolation = ["iam/", "network/", "routing/", "names/", "data/", "database/"] as const;
const leastPrivilege = [
  "iam/",
  "posture/no-wildcard-principals",
  "posture/no-unlimited-power",
  "posture/allow-guards-absent-keys",
] as const;
const exactPolicies = [
  "posture/policies-readable",
  "posture/policy-effects-exact",
  "posture/policy-conditions-exact",
] as const;
const credentials = [
  "posture/no-plaintext-secrets",
  "posture/secrets-rotate",
  "posture/no-long-lived-keys",
] as const;
const atRest = ["posture/stores-encrypted", "posture/keys-rotate"] as const;
const inTransit = [
  "posture/listeners-use-tls",
  "posture/tls-modern",
  "posture/databases-require-tls",
  "posture/buckets-require-tls",
] as const;
const boundary = [
  "network/",
  "posture/stores-not-public",
  "posture/buckets-closed",
  "posture/firewall-as-asked",
  "posture/cidrs-valid",
  "posture/subnets-apart",
] as const;
const records = [
  "posture/audit-as-asked",
  "posture/logs-retained",
  "posture/load-balancers-hardened",
] as const;
const software = ["posture/images-pinned", "posture/registries-hold-still", "posture/aws-validator"] as const;
const hardening = [
  "posture/containers-unprivileged",
  "posture/no-shell-into-containers",
  "posture/instances-use-imdsv2",
] as const;
const kept = [
  "posture/stores-kept",
  "posture/deletion-protected",
  "posture/stacks-termination-protected",
  "posture/stores-backed-up",
] as const;
const available = ["posture/zones-as-asked", "posture/health-checked", "quotas/"] as const;
const recoverable = ["recoverability/"] as const;

/**
 * Which rule serves which control. Titles are ours; the text of a framework is at its source.
 */
export const frameworks: Readonly<Record<string, Framework>> = {
  "soc-2": {
    title: "SOC 2: Trust Services Criteria 2017, points of focus of 2022",
    source:
      "https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022",
    askedBy: "soc-2",
    outside:
      "CC1 to CC5, which are about people and management; joiners and leavers; how incidents were handled.",
    controls: {
      "CC6.1": {
        title: "Logical access to information is restricted",
        rules: [...isolation, ...leastPrivilege, ...exactPolicies, ...atRest, ...credentials],
      },
      "CC6.3": {
        title: "Access follows roles and least privilege",
        rules: [...leastPrivilege, "posture/cdk-nag-aws-solutions"],
      },
      "CC6.6": {
        title: "The boundary is protected against threats from outside",
        rules: [...boundary, "posture/instances-use-imdsv2"],
      },
      "CC6.7": { title: "Information is protected while it moves", rules: [...inTransit] },
      "CC6.8": { title: "Unauthorized software is kept out", rules: [...software, ...hardening] },
      "CC7.1": {
        title: "Changes that open holes are detected",
        rules: ["posture/audit-as-asked", "posture/registries-hold-still", "posture/aws-validator"],
      },
      "CC7.2": { title: "Anomalies are watched for", rules: [...records] },
      "CC7.5": {
        title: "Recovery from incidents is prepared",
        rules: [...recoverable, "posture/stores-backed-up"],
      },
      "CC8.1": {
        title: "Changes are controlled",
        rules: [
          "posture/stacks-termination-protected",
          "posture/images-pinned",
          "posture/registries-hold-still",
          "posture/tags-complete",
        ],
      },
      "A1.1": { title: "Capacity is managed", rules: [...available] },
      "A1.2": {
        title: "Backups and recovery infrastructure are there",
        rules: [...kept, ...available, ...recoverable],
      },
      "A1.3": {
        title: "Recovery is tested",
        rules: ["recoverability/restores-tested", "recoverability/backups-kept"],
      },
      "C1.1": { title: "Confidential information is kept apart", rules: [...isolation, ...atRest] },
      "C1.2": { title: "Confidential information is disposed of", rules: ["posture/logs-retained"] },
    },
  },
  gdpr: {
    title: "GDPR: Regulation (EU) 2016/679",
    source: "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
    askedBy: "gdpr",
    outside:
      "Lawfulness, information of data subjects, contracts with processors, transfers, records of processing, notification of breaches.",
    controls: {
      "Art. 5(1)(e)": { title: "Storage limitation", rules: ["posture/logs-retained"] },
      "Art. 5(1)(f)": {
        title: "Integrity and confidentiality",
        rules: [...isolation, ...leastPrivilege, ...atRest, ...inTransit],
      },
      "Art. 25": {
        title: "Data protection by design and by default",
        rules: [...isolation, "posture/buckets-closed", "posture/stores-not-public", ...hardening],
      },
      "Art. 30": { title: "What belongs to whom can be told", rules: ["posture/tags-complete", "names/"] },
      "Art. 32(1)(a)": { title: "Encryption", rules: [...atRest, ...inTransit] },
      "Art. 32(1)(b)": {
        title: "Confidentiality, integrity, availability and resilience",
        rules: [...boundary, ...credentials, ...exactPolicies, ...available, ...kept],
      },
      "Art. 32(1)(c)": {
        title: "Access to data can be restored in time",
        rules: [...recoverable, "posture/stores-backed-up"],
      },
      "Art. 32(1)(d)": {
        title: "Security is tested regularly",
        rules: [
          "recoverability/restores-tested",
          "posture/aws-validator",
          "posture/cdk-nag-aws-solutions",
          ...software,
        ],
      },
      "Art. 33": { title: "Breaches are noticed", rules: [...records] },
    },
  },
  ccpa: {
    title: "CCPA: California Civil Code, sections 1798.100 to 1798.199",
    source:
      "https://leginfo.legislature.ca.gov/faces/codes_displayText.xhtml?division=3.&part=4.&lawCode=CIV&title=1.81.5",
    askedBy: "ccpa",
    outside:
      "Notices, requests of consumers, opting out of sale and sharing, contracts with service providers.",
    controls: {
      "1798.100(c)": {
        title: "Personal information is kept no longer than necessary",
        rules: ["posture/logs-retained"],
      },
      "1798.100(e)": {
        title: "Reasonable security procedures and practices",
        rules: [
          ...isolation,
          ...leastPrivilege,
          ...exactPolicies,
          ...boundary,
          ...credentials,
          ...records,
          ...hardening,
          ...software,
          ...kept,
          ...available,
          ...recoverable,
          "posture/tags-complete",
        ],
      },
      "1798.150(a)": {
        title: "Personal information is encrypted, so that its loss is no breach",
        rules: [...atRest, ...inTransit, "posture/no-plaintext-secrets"],
      },
    },
  },
  "pci-dss": {
    title: "PCI DSS 4.0.1",
    source: "https://www.pcisecuritystandards.org/document_library/",
    askedBy: "pci-dss",
    outside:
      "Scoping, physical access (9), security policies (12), penetration tests (11.4), how card data is handled by the application (3).",
    controls: {
      "1.2": {
        title: "Network security controls are configured and maintained",
        rules: ["network/", "posture/cidrs-valid", "posture/subnets-apart"],
      },
      "1.4": {
        title: "Connections between trusted and untrusted networks are controlled",
        rules: [...boundary],
      },
      "2.2": {
        title: "System components are configured securely",
        rules: [...hardening, ...exactPolicies, "posture/aws-validator"],
      },
      "3.5": {
        title: "Stored account data is unreadable wherever it is",
        rules: ["posture/stores-encrypted"],
      },
      "3.6": { title: "Keys that protect it are secured", rules: ["posture/keys-rotate"] },
      "4.2": { title: "Data is protected by strong cryptography while it moves", rules: [...inTransit] },
      "6.3": { title: "Vulnerabilities are found and addressed", rules: [...software] },
      "6.4": { title: "Public web applications are protected", rules: ["posture/firewall-as-asked"] },
      "7.2": { title: "Access is appropriate to the role", rules: [...isolation, ...leastPrivilege] },
      "8.3": {
        title: "Authentication is strong, and its secrets are managed",
        rules: ["posture/secrets-rotate"],
      },
      "8.6": { title: "Accounts of applications and their secrets are managed", rules: [...credentials] },
      "10.2": { title: "Audit logs are recorded", rules: [...records] },
      "10.5": { title: "Audit logs are retained", rules: ["posture/logs-retained"] },
      "11.5": { title: "Intrusions and unexpected changes are detected", rules: ["posture/audit-as-asked"] },
      "12.10": {
        title: "Incidents are responded to",
        rules: [...recoverable, ...kept, ...available, "posture/tags-complete"],
      },
    },
  },
  hipaa: {
    title: "HIPAA Security Rule: 45 CFR part 164, subpart C",
    source: "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C",
    askedBy: "hipaa",
    outside: "Risk analysis, training, sanctions, agreements with business associates, physical safeguards.",
    controls: {
      "164.308(a)(4)": {
        title: "Access is authorized",
        rules: [...isolation, ...leastPrivilege, ...exactPolicies],
      },
      "164.308(a)(5)(ii)(B)": { title: "Malicious software is kept out", rules: [...software, ...hardening] },
      "164.308(a)(7)(ii)(A)": { title: "Data backup plan", rules: [...kept, "recoverability/backups-kept"] },
      "164.308(a)(7)(ii)(B)": { title: "Disaster recovery plan", rules: [...recoverable, ...available] },
      "164.308(a)(7)(ii)(D)": {
        title: "Contingency plans are tested",
        rules: ["recoverability/restores-tested"],
      },
      "164.312(a)(1)": { title: "Only those with rights have access", rules: [...isolation, ...boundary] },
      "164.312(a)(2)(iv)": { title: "Encryption and decryption", rules: [...atRest] },
      "164.312(b)": { title: "Audit controls", rules: [...records, "posture/tags-complete"] },
      "164.312(d)": { title: "Who asks is who they say", rules: [...credentials] },
      "164.312(e)(1)": { title: "Transmission security", rules: [...inTransit] },
    },
  },
  "nist-800-53": {
    title: "NIST SP 800-53, revision 5",
    source: "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    askedBy: null,
    outside: "Controls of policy, personnel, physical protection, acquisition and training.",
    controls: {
      "AC-3": { title: "Access enforcement", rules: [...isolation, ...exactPolicies] },
      "AC-4": {
        title: "Information flow enforcement",
        rules: ["network/", "routing/", "posture/stores-not-public", "posture/buckets-closed"],
      },
      "AC-6": { title: "Least privilege", rules: [...leastPrivilege, ...hardening] },
      "AU-2": { title: "Event logging", rules: [...records] },
      "AU-11": { title: "Audit record retention", rules: ["posture/logs-retained"] },
      "CM-2": { title: "Baseline configuration", rules: [...software, "posture/tags-complete"] },
      "CP-9": {
        title: "System backup",
        rules: [...kept, "recoverability/backups-kept", "recoverability/stores-copied"],
      },
      "CP-10": { title: "System recovery and reconstitution", rules: [...recoverable] },
      "IA-5": { title: "Authenticator management", rules: [...credentials] },
      "SC-5": {
        title: "Protection against denial of service",
        rules: ["posture/firewall-as-asked", ...available],
      },
      "SC-7": { title: "Boundary protection", rules: [...boundary] },
      "SC-8": { title: "Transmission confidentiality and integrity", rules: [...inTransit] },
      "SC-12": { title: "Key establishment and management", rules: ["posture/keys-rotate"] },
      "SC-28": { title: "Protection of information at rest", rules: ["posture/stores-encrypted"] },
      "SI-4": { title: "System monitoring", rules: ["posture/audit-as-asked"] },
    },
  },
  "iso-27001": {
    title: "ISO/IEC 27001:2022, Annex A",
    source: "https://www.iso.org/standard/27001",
    askedBy: "iso-27001",
    outside:
      "Clauses 4 to 10, and the controls of organization (5), people (6) and premises (7) that no template shows.",
    controls: {
      "A.5.15": { title: "Access control", rules: [...isolation, ...exactPolicies] },
      "A.5.17": { title: "Authentication information", rules: [...credentials] },
      "A.5.30": { title: "Readiness for business continuity", rules: [...recoverable] },
      "A.8.2": { title: "Privileged access rights", rules: [...leastPrivilege] },
      "A.8.6": { title: "Capacity management", rules: ["quotas/"] },
      "A.8.8": { title: "Technical vulnerabilities", rules: [...software] },
      "A.8.9": { title: "Configuration management", rules: [...hardening, "posture/tags-complete"] },
      "A.8.10": { title: "Information deletion", rules: ["posture/logs-retained"] },
      "A.8.13": { title: "Information backup", rules: [...kept] },
      "A.8.14": { title: "Redundancy", rules: ["posture/zones-as-asked", "posture/health-checked"] },
      "A.8.15": { title: "Logging", rules: [...records] },
      "A.8.20": { title: "Network security", rules: [...boundary] },
      "A.8.22": { title: "Segregation of networks", rules: ["network/"] },
      "A.8.24": { title: "Use of cryptography", rules: [...atRest, ...inTransit] },
    },
  },
};

/** The framework whose controls a pack of cdk-nag names. PCI DSS 3.2.1 counts its requirements otherwise than 4.0.1 and stands apart. */
export const frameworkOfPack: Readonly<
  Record<string, { readonly framework: string; readonly edition: string }>
> = {
  "NIST.800.53.R5": { framework: "nist-800-53", edition: "NIST SP 800-53, revision 5" },
  "HIPAA.Security": { framework: "hipaa", edition: "HIPAA Security Rule" },
  "PCI.DSS.321": { framework: "pci-dss", edition: "PCI DSS 3.2.1" },
};
