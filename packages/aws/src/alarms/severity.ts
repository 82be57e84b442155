/** How bad what an alarm tells is; `observability.alerts.routes` says who hears of it. */
export const severities = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** ARN of the SNS topic of each severity that somebody is told of. */
export type AlertTopics = Readonly<Partial<Record<Severity, string>>>;
