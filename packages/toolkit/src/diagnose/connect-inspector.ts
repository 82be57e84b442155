import { CloudCalls, defaultCloudCalls } from "../aws/cloud/cloud-calls.ts";
import { clientConfig, type CloudConnection, type CloudPorts } from "../aws/cloud/connect-cloud.ts";
import type { Inspector, RegionInspector } from "./inspector.ts";

/** Whoever diagnoses waits for the answer: what does not answer soon is told as that. */
const inspectionCalls = Object.freeze({ ...defaultCloudCalls, attemptsMax: 6, pauseMaxMs: 5_000 });

/** Connects to the services that a diagnosis reads. The only place that makes clients of the SDK for it. */
export async function connectInspector(connection: CloudConnection, ports: CloudPorts): Promise<Inspector> {
  // Loaded on demand: no other command needs them.
  const [
    { serviceReader },
    { entranceReader },
    { networkReader },
    { databaseReader },
    { logReader },
    { supplyReader },
    { roleReader },
    { recordReader },
  ] = await Promise.all([
    import("./cloud/service-reader.ts"),
    import("./cloud/entrance-reader.ts"),
    import("./cloud/network-reader.ts"),
    import("./cloud/database-reader.ts"),
    import("./cloud/log-reader.ts"),
    import("./cloud/supply-reader.ts"),
    import("./cloud/role-reader.ts"),
    import("./cloud/record-reader.ts"),
  ]);
  const calls = new CloudCalls({ ...inspectionCalls, ...connection.calls }, ports);
  const readingOf = (region: string) => ({ config: clientConfig(connection, region), calls });
  const home = readingOf(connection.homeRegion);
  const regions = new Map<string, RegionInspector>();
  return {
    roles: roleReader(home),
    records: recordReader(home),
    region: (name) => {
      const reading = readingOf(name);
      const region = regions.get(name) ?? {
        services: serviceReader(reading),
        entrances: entranceReader(reading),
        network: networkReader(reading),
        database: databaseReader(reading),
        ...logReader(reading),
        ...supplyReader(reading),
      };
      regions.set(name, region);
      return region;
    },
  };
}
