import { ACMClient, type CertificateDetail, DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RegionInspector } from "../inspector.ts";
import type { CertificateSnapshot } from "../snapshot.ts";
import { caller, everyPage, orMissing, type Reading } from "./reading.ts";

type SupplyReader = Pick<RegionInspector, "secret" | "image" | "certificate" | "alarms">;

/** What tasks and entrances are supplied with: secrets, images, certificates; and the alarms that watch them. */
export function supplyReader(reading: Reading): SupplyReader {
  return {
    ...secretReader(reading),
    ...imageReader(reading),
    ...certificateReader(reading),
    ...alarmReader(reading),
  };
}

function secretReader(reading: Reading): Pick<SupplyReader, "secret"> {
  const client = new SecretsManagerClient(reading.config);
  const run = caller(reading, "secretsmanager");
  return {
    secret: async (SecretId) => {
      const ask = new DescribeSecretCommand({ SecretId });
      const one = await run("DescribeSecret", () => orMissing(client.send(ask), "ResourceNotFoundException"));
      if (one === null) return null;
      return {
        arn: one.ARN ?? SecretId,
        name: one.Name ?? SecretId,
        deletedAtMs: one.DeletedDate?.getTime() ?? null,
        kmsKey: one.KmsKeyId ?? null,
        rotation: {
          isOn: one.RotationEnabled ?? false,
          lastAtMs: one.LastRotatedDate?.getTime() ?? null,
          nextAtMs: one.NextRotationDate?.getTime() ?? null,
        },
      };
    },
  };
}

function imageReader(reading: Reading): Pick<SupplyReader, "image"> {
  const client = new ECRClient(reading.config);
  const run = caller(reading, "ecr");
  return {
    image: async (repositoryName, version) => {
      const imageId = version.startsWith("sha256:") ? { imageDigest: version } : { imageTag: version };
      const ask = new DescribeImagesCommand({ repositoryName, imageIds: [imageId] });
      const answer = await run("DescribeImages", () =>
        orMissing(client.send(ask), "ImageNotFoundException", "RepositoryNotFoundException"),
      );
      return answer?.imageDetails?.[0]?.imageTags ?? (answer?.imageDetails?.length ? [] : null);
    },
  };
}

function certificateReader(reading: Reading): Pick<SupplyReader, "certificate"> {
  const client = new ACMClient(reading.config);
  const run = caller(reading, "acm");
  return {
    certificate: async (CertificateArn) => {
      const ask = new DescribeCertificateCommand({ CertificateArn });
      const answer = await run("DescribeCertificate", () =>
        orMissing(client.send(ask), "ResourceNotFoundException"),
      );
      return answer?.Certificate === undefined ? null : certificateOf(answer.Certificate);
    },
  };
}

function certificateOf(one: CertificateDetail): CertificateSnapshot {
  const validations = one.RenewalSummary?.DomainValidationOptions ?? one.DomainValidationOptions ?? [];
  return {
    arn: one.CertificateArn ?? "",
    domain: one.DomainName ?? "",
    status: one.Status ?? "",
    failure: one.FailureReason ?? null,
    expiresAtMs: one.NotAfter?.getTime() ?? null,
    pending: validations
      .filter(({ ValidationStatus }) => ValidationStatus !== "SUCCESS")
      .map(({ DomainName, ResourceRecord: record }) => ({
        domain: DomainName ?? "",
        record:
          record === undefined
            ? null
            : { name: record.Name ?? "", type: record.Type ?? "", value: record.Value ?? "" },
      })),
  };
}

function alarmReader(reading: Reading): Pick<SupplyReader, "alarms"> {
  const client = new CloudWatchClient(reading.config);
  const run = caller(reading, "cloudwatch");
  return {
    alarms: async (AlarmNamePrefix) => {
      const pages = await everyPage(
        (NextToken) =>
          run("DescribeAlarms", () =>
            client.send(new DescribeAlarmsCommand({ AlarmNamePrefix, StateValue: "ALARM", NextToken })),
          ),
        ({ NextToken }) => NextToken,
      );
      return pages
        .flatMap(({ MetricAlarms }) => MetricAlarms ?? [])
        .map(({ AlarmName, AlarmDescription, StateReason }) => ({
          name: AlarmName ?? "",
          description: AlarmDescription ?? null,
          reason: StateReason ?? "CloudWatch gives no reason",
        }));
    },
  };
}
