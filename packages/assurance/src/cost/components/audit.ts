import { type CostOutcome, countText, everybody, fixed, noCharge, notPriced, usage } from "../charge.ts";
import { listAt, objectsAt, textAt, valueAt } from "../property.ts";
import type { CostOf } from "./cost-of.ts";

export const costOfTrail: CostOf = ({ properties }) => {
  const selectors = [
    ...objectsAt(properties, "EventSelectors"),
    ...objectsAt(properties, "AdvancedEventSelectors"),
  ];
  const hasData = selectors.some(
    (one) => listAt(one, "DataResources").length > 0 || JSON.stringify(one).includes('"Data"'),
  );
  return [
    noCharge("the first copy of management events costs nothing; their bucket and log group are charged for"),
    ...(hasData ? [notPriced("data events", "how many there are is not assumed")] : []),
    ...(objectsAt(properties, "InsightSelectors").length > 0
      ? [notPriced("CloudTrail Insights", "how many events it analyses is not assumed")]
      : []),
  ];
};

export const costOfConfigurationRecorder: CostOf = (_recorder, { usage: assumed, inRegion }) => [
  usage(
    "audit",
    { service: "config", item: "Configuration item (continuous)" },
    {
      quantity: inRegion.resources * assumed.changesPerResource,
      basis: `${countText(inRegion.resources)} resources, ${countText(assumed.changesPerResource)} changes of each a month`,
      assumes: ["changesPerResource"],
    },
  ),
];

export const costOfConfigRule: CostOf = (_rule, { usage: assumed }) => [
  usage(
    "audit",
    { service: "config", item: "Rule evaluation" },
    {
      quantity: assumed.evaluationsPerRule,
      basis: `${assumed.evaluationsPerRule} evaluations a month`,
      assumes: ["evaluationsPerRule"],
    },
  ),
];

/** What each feature of GuardDuty that this package prices reads. */
export const costOfDetector: CostOf = ({ properties }, site) => {
  if (valueAt(properties, "Enable") === false) return [noCharge("it is turned off")];
  const { usage: assumed, inRegion } = site;
  const features = objectsAt(properties, "Features")
    .filter((feature) => textAt(feature, "Status") !== "DISABLED")
    .map((feature) => textAt(feature, "Name") ?? "a feature");
  const { requests } = site.demand(everybody);
  const dataEvents = requests * (assumed.fileReadsPerRequest + assumed.fileWritesPerRequest);
  return [
    usage(
      "audit",
      { service: "guardduty", item: "CloudTrail management events" },
      {
        quantity: assumed.managementEvents,
        basis: `${countText(assumed.managementEvents)} events a month`,
        assumes: ["managementEvents"],
      },
    ),
    usage(
      "audit",
      { service: "guardduty", item: "VPC flow and DNS logs" },
      {
        quantity: inRegion.vpcs * assumed.flowLogGiBPerVpc,
        basis: `${assumed.flowLogGiBPerVpc} GiB of each of ${inRegion.vpcs} VPCs a month`,
        assumes: ["flowLogGiBPerVpc"],
      },
    ),
    ...features.flatMap((name): readonly CostOutcome[] => {
      if (name === "S3_DATA_EVENTS") {
        return [
          usage(
            "audit",
            { service: "guardduty", item: "S3 data events" },
            {
              quantity: dataEvents,
              basis: `${countText(dataEvents)} files read and written a month`,
              assumes: ["fileReadsPerRequest", "fileWritesPerRequest", "requestsPerTenant"],
            },
          ),
        ];
      }
      if (name === "RDS_LOGIN_EVENTS") {
        return [
          fixed(
            "audit",
            { service: "guardduty", item: "RDS login events" },
            {
              quantity: inRegion.databaseCores,
              basis: `${inRegion.databaseCores} virtual processors of databases`,
            },
          ),
        ];
      }
      return [notPriced(`GuardDuty ${name}`, "this feature is not in the price list")];
    }),
  ];
};
