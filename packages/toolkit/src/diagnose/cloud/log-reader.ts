import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { RegionInspector } from "../inspector.ts";
import { redact } from "../redact.ts";
import { caller, everyPage, orMissing, type Reading } from "./reading.ts";

/** Any of these words (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html). */
const errorPattern = "?ERROR ?Error ?error ?FATAL ?Fatal ?fatal ?panic ?Exception ?Traceback";

type LogReader = Pick<RegionInspector, "hasLogGroup" | "logTail" | "errorLines">;

export function logReader(reading: Reading): LogReader {
  const client = new CloudWatchLogsClient(reading.config);
  const run = caller(reading, "logs");
  return {
    hasLogGroup: async (name) => {
      const pages = await everyPage(
        (nextToken) =>
          run("DescribeLogGroups", () =>
            client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken })),
          ),
        ({ nextToken, logGroups }) =>
          logGroups?.some(({ logGroupName }) => logGroupName === name) ? undefined : nextToken,
      );
      return pages.some(({ logGroups }) => logGroups?.some(({ logGroupName }) => logGroupName === name));
    },
    logTail: async (logGroupName, logStreamName, limit) => {
      const ask = new GetLogEventsCommand({ logGroupName, logStreamName, limit, startFromHead: false });
      const answer = await run("GetLogEvents", () =>
        orMissing(client.send(ask), "ResourceNotFoundException"),
      );
      return (answer?.events ?? []).slice(-limit).map(({ message }) => redact(message ?? ""));
    },
    errorLines: async (logGroupName, startTime, limit) => {
      const ask = new FilterLogEventsCommand({
        logGroupName,
        startTime,
        filterPattern: errorPattern,
        limit: 1000,
      });
      const answer = await run("FilterLogEvents", () =>
        orMissing(client.send(ask), "ResourceNotFoundException"),
      );
      return (answer?.events ?? []).slice(-limit).map(({ message }) => redact(message ?? ""));
    },
  };
}
