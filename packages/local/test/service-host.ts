/** A program that is there to be killed: runs one service and prints the pid of the service. */
import { join } from "node:path";
import { systemClock, systemRandom } from "@tenantry/base";
import type { PlatformService } from "@tenantry/model";
import { probeHealth } from "../src/services/health-probe.ts";
import { startServices } from "../src/services/start-services.ts";

const [dir = ""] = process.argv.slice(2);
const script = `require("http").createServer((q, s) => s.end()).listen(+process.env.PORT, "127.0.0.1"); console.log(process.pid);`;
const shop = {
  name: "shop",
  protocol: "http",
  env: {},
  local: { command: [process.execPath, "-e", script], env: {} },
  health: {
    path: "/",
    successCodes: "200",
    intervalSeconds: 5,
    timeoutSeconds: 1,
    unhealthyThreshold: 2,
    graceSeconds: 20,
  },
} as unknown as PlatformService;

await startServices(
  {
    services: { shop },
    cwd: dir,
    recordsFile: join(dir, "services.json"),
    inheritedEnv: {},
    platform: "saas",
    environment: "development",
    gatewayUrl: "http://localhost:8080",
    issuerUrl: "http://saas.localhost",
  },
  {
    clock: systemClock,
    random: systemRandom,
    probe: probeHealth,
    onEvent: (event) => {
      if (event.kind === "service-output") process.stdout.write(`${event.line}\n`);
    },
  },
);
