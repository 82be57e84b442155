/**
 * A program that is there to be stopped or killed: runs a platform and ends on SIGTERM, as the
 * command line does. One JSON document per line on standard output.
 */
import { writeSync } from "node:fs";
import { isCodedError, systemClock, systemRandom } from "@tenantry/base";
import { startPlatform } from "../src/engine/start-platform.ts";
import { examplePlatform } from "./example-platform.ts";

const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const [dataDir = "", gatewayPort = "0"] = process.argv.slice(2);

try {
  const platform = await startPlatform(
    examplePlatform(),
    { dataDir, definitionDir: "/", gatewayPort: Number(gatewayPort), controlPort: 0, host: "127.0.0.1" },
    { clock: systemClock, random: systemRandom, onEvent: say, log: () => undefined },
  );
  process.once("SIGTERM", () => void platform.stop().then(() => say({ kind: "stopped" })));
  say({ kind: "ready", state: platform.state });
} catch (error) {
  if (!isCodedError(error)) throw error;
  say({ kind: "refused", code: error.code });
}
