import { isTenantId, type TenantId } from "@tenantry/model";

/** What a Host field says. */
export type HostReading =
  | { readonly kind: "tenant"; readonly tenant: TenantId }
  /** A well-formed host that cannot be a tenant's. */
  | { readonly kind: "other" }
  | { readonly kind: "malformed" };

const other: HostReading = Object.freeze({ kind: "other" });
const malformed: HostReading = Object.freeze({ kind: "malformed" });

// RFC 9110 section 7.2, narrowed to what DNS and our load balancers pass: names of letters, digits
// and hyphens, or an address. Nothing else (user info, spaces, per cent, underscores, other scripts).
const namePattern =
  /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)\.?(?::([0-9]{1,5}))?$/i;
const ipv6Pattern = /^\[[0-9a-f:.]{2,45}\](?::([0-9]{1,5}))?$/i;
const hostLengthMax = 260;

/**
 * Reads tenants out of hosts. The tenant is the label before the suffix; what stands before the
 * tenant (`www.acme-corp.example.com`) belongs to the tenant as well. Of two suffixes that fit,
 * the longer one counts.
 */
export class HostReader {
  readonly #suffixes: readonly string[];

  constructor(suffixes: readonly string[]) {
    this.#suffixes = suffixes.map((suffix) => `.${suffix.toLowerCase()}`).sort((a, b) => b.length - a.length);
  }

  /** Whether this is one of the suffixes itself, or its `www`: the host of a platform without tenants. */
  isSite(host: string): boolean {
    const name = host.length > hostLengthMax ? undefined : namePattern.exec(host)?.[1]?.toLowerCase();
    return name !== undefined && this.#suffixes.includes(`.${name.replace(/^www\./, "")}`);
  }

  read(host: string): HostReading {
    if (host.length === 0 || host.length > hostLengthMax) return malformed;
    const match = namePattern.exec(host);
    if (match === null) {
      const address = ipv6Pattern.exec(host);
      return address !== null && isPort(address[1]) ? other : malformed;
    }
    // Only now: some letters of other scripts have ASCII letters for their lower case.
    const name = match[1]?.toLowerCase();
    if (name === undefined || !isPort(match[2])) return malformed;
    const suffix = this.#suffixes.find((candidate) => name.endsWith(candidate));
    if (suffix === undefined) return other;
    const labels = name.slice(0, -suffix.length);
    const tenant = labels.slice(labels.lastIndexOf(".") + 1);
    return isTenantId(tenant) ? { kind: "tenant", tenant } : other;
  }
}

/** Whether this can be a suffix of hosts: one or more labels, without a dot before or after. */
export function isHostSuffix(suffix: string): boolean {
  return namePattern.exec(suffix)?.[1] === suffix;
}

function isPort(text: string | undefined): boolean {
  return text === undefined || Number(text) <= 65_535;
}
