import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { QuotaService } from "../cloud/cloud.ts";
import type { CloudCalls } from "../cloud/cloud-calls.ts";
import { readFailure } from "../cloud/cloud-failure.ts";
import type { ClientConfig } from "../cloud/connect-cloud.ts";

export function quotaService(config: ClientConfig, calls: CloudCalls): QuotaService {
  const client = new ServiceQuotasClient(config);
  const place = { service: "servicequotas", operation: "GetServiceQuota", region: config.region };
  return {
    value: (service, code) =>
      calls.run(place, async () => {
        const ask = new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code });
        try {
          return (await client.send(ask)).Quota?.Value ?? null;
        } catch (failure) {
          // Not every quota that has a code has a value of the account; then the default holds.
          if (readFailure(failure).name === "NoSuchResourceException") return null;
          throw failure;
        }
      }),
  };
}
