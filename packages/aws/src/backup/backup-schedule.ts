import { assert } from "@tenantry/base";

/**
 * A schedule of the definition as AWS Backup takes it, which knows cron only and nothing more often than hourly
 * (https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html). A rate becomes the interval of the
 * calendar that is nearest and not longer, but for months, which have up to 31 days: 7 days are a week, 30 days a month.
 */
export function backupSchedule(schedule: string): string {
  if (schedule.startsWith("cron(")) return schedule;
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  assert(match !== null, `${schedule} is no schedule`);
  const count = Number(match[1]);
  if (match[2] === "minute") return everyHours(Math.floor(count / 60));
  return match[2] === "hour" ? everyHours(count) : everyDays(count);
}

/** Every so many hours, counted from midnight UTC. */
export function everyHours(hours: number): string {
  if (hours >= 24) return everyDays(Math.floor(hours / 24));
  return hours <= 1 ? "cron(0 * * * ? *)" : `cron(0 0/${hours} * * ? *)`;
}

function everyDays(days: number): string {
  if (days === 1) return "cron(0 5 * * ? *)";
  if (days === 7) return "cron(0 5 ? * SUN *)";
  if (days < 28) return `cron(0 5 1/${days} * ? *)`;
  const months = Math.min(12, Math.max(1, Math.floor(days / 30)));
  return months === 1 ? "cron(0 5 1 * ? *)" : `cron(0 5 1 1/${months} ? *)`;
}
