import type { Properties, Resource } from "../../artifacts/shipment.ts";
import { type Charge, countText, type Sharers, usage } from "../charge.ts";
import { numberAt, objectsAt, textAt } from "../property.ts";
import { bucketGiB, sharersOfStore, type Site } from "../site.ts";
import type { CostOf } from "./cost-of.ts";

/** A bucket of tenants' files, with the versions and copies that it keeps; or one of logs and records. */
export const costOfBucket: CostOf = (bucket, site) => {
  const sharers = sharersOfStore(site, textAt(bucket.properties, "BucketName"));
  if (sharers.kind !== "store" && !site.isTenants) return [recordsOf(site, sharers)];
  const held = bucketGiB(site, sharers);
  const versions = versionsOf(bucket.properties, site);
  const { requests } = site.demand(sharers);
  const { fileReadsPerRequest, fileWritesPerRequest } = site.usage;
  const calls = [
    usage(
      "storage",
      { service: "s3", item: "Standard GET" },
      {
        quantity: requests * fileReadsPerRequest,
        basis: `${countText(fileReadsPerRequest)} files read per request`,
        assumes: ["fileReadsPerRequest", "requestsPerTenant"],
        sharers,
      },
    ),
    usage(
      "storage",
      { service: "s3", item: "Standard PUT/COPY/POST/LIST" },
      {
        quantity: requests * fileWritesPerRequest,
        basis: `${countText(fileWritesPerRequest)} files written per request`,
        assumes: ["fileWritesPerRequest", "requestsPerTenant"],
        sharers,
      },
    ),
  ];
  return [
    usage(
      "storage",
      { service: "s3", item: "Standard storage" },
      {
        quantity: held * versions.factor,
        basis: `${countText(held)} GiB of files${versions.basis}, nothing in a colder class yet`,
        assumes: ["storageGiBPerTenant", ...(versions.factor > 1 ? (["changePercent"] as const) : [])],
        sharers,
      },
    ),
    ...calls.filter(({ quantity }) => quantity > 0),
    ...objectsAt(bucket.properties, "ReplicationConfiguration", "Rules").flatMap((rule) =>
      replicationOf(rule, bucket, sharers, site),
    ),
  ];
};

function recordsOf({ usage: assumed }: Site, sharers: Sharers): Charge {
  return usage(
    "storage",
    { service: "s3", item: "Standard storage" },
    {
      quantity: assumed.recordsGiBPerBucket,
      basis: `${assumed.recordsGiBPerBucket} GiB of logs or records`,
      assumes: ["recordsGiBPerBucket"],
      sharers,
    },
  );
}

/** What was overwritten or deleted is kept for some days where there are versions. */
function versionsOf(
  bucket: Properties,
  { usage: assumed }: Site,
): { readonly factor: number; readonly basis: string } {
  if (textAt(bucket, "VersioningConfiguration", "Status") !== "Enabled") return { factor: 1, basis: "" };
  const days = objectsAt(bucket, "LifecycleConfiguration", "Rules")
    .map((rule) => numberAt(rule, "NoncurrentVersionExpiration", "NoncurrentDays"))
    .filter((one) => one !== null);
  // Without a rule old versions stay for ever; a year of them is what is counted.
  const kept = days.length === 0 ? 365 : Math.min(...days);
  return {
    factor: 1 + (assumed.changePercent / 100) * (kept / 30),
    basis: ` and ${kept} days of old versions`,
  };
}

/** Copies are stored where they arrive; here is what their way there costs. */
function replicationOf(rule: Properties, bucket: Resource, sharers: Sharers, site: Site): readonly Charge[] {
  if (textAt(rule, "Status") === "Disabled") return [];
  const name = textAt(rule, "Destination", "Bucket");
  const destination = name === null ? null : site.inPlatform.bucket(name);
  const changed = (bucketGiB(site, sharers) * site.usage.changePercent) / 100;
  const basis = `${site.usage.changePercent} % of the files are written anew each month`;
  const assumes = ["storageGiBPerTenant", "changePercent"] as const;
  const isElsewhere = destination === null || destination.stack.region !== bucket.stack.region;
  const isTimed = textAt(rule, "Destination", "ReplicationTime", "Status") === "Enabled";
  return [
    ...(isElsewhere
      ? [
          usage(
            "storage",
            { service: "data-transfer", item: "To other regions" },
            {
              quantity: changed,
              basis,
              assumes,
              sharers,
            },
          ),
        ]
      : []),
    ...(isTimed
      ? [
          usage(
            "storage",
            { service: "s3", item: "Replication Time Control" },
            {
              quantity: changed,
              basis,
              assumes,
              sharers,
            },
          ),
        ]
      : []),
    usage(
      "storage",
      { service: "s3", item: "Standard PUT/COPY/POST/LIST" },
      {
        quantity: site.demand(sharers).requests * site.usage.fileWritesPerRequest,
        basis: "each written file once more, at its copy",
        assumes: ["fileWritesPerRequest", "requestsPerTenant"],
        ...(destination === null ? {} : { region: destination.stack.region }),
        sharers,
      },
    ),
  ];
}
