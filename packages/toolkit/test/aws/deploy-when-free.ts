import { isCodedError, systemClock } from "@tenantry/base";
import { deploy, type DeployResult, type ToolkitEvent } from "../../src/index.ts";
import { cloudPorts, crashSettings } from "./cloud-ports.ts";

/** Deploys as soon as the lease of a process that was killed has ended. */
export async function deployWhenFree(
  endpoint: string,
  artifacts: string,
  onEvent: (event: ToolkitEvent) => void,
): Promise<DeployResult> {
  const ports = { ...(await cloudPorts(endpoint, `process-${process.pid}`)), onEvent };
  for (;;) {
    try {
      return await deploy({ artifacts, settings: crashSettings, allow: ["delete:tenant/t-009"] }, ports);
    } catch (failure) {
      if (!isCodedError(failure) || failure.code !== "TOOLKIT_DEPLOYMENT_LOCKED") throw failure;
      await systemClock.sleep(50);
    }
  }
}
