import { CfnAlarmMuteRule } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import type { Alerts } from "./notifications.ts";

type Hours = Alerts["businessHours"];

export interface OutOfHoursProps {
  readonly namePrefix: string;
  readonly hours: Hours;
  /** Full names of the alarms that wait for the morning. */
  readonly alarmNames: readonly string[];
}

/** A mute rule takes a hundred alarms: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MuteTargets.html */
const alarmsMax = 100;

const week = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

/**
 * Keeps alarms quiet outside business hours. An alarm that still holds when the hours begin is told then, so nothing gets
 * lost; events that are not alarms are told at once.
 */
export class OutOfHours extends Construct {
  constructor(scope: Construct, id: string, props: OutOfHoursProps) {
    super(scope, id);
    const { namePrefix, hours } = props;
    for (const { name, expression, minutes } of quietSpans(hours)) {
      for (let start = 0; start < props.alarmNames.length; start += alarmsMax) {
        const part = start === 0 ? "" : `${start / alarmsMax + 1}`;
        new CfnAlarmMuteRule(this, `${name === "nights" ? "Nights" : "DaysOff"}${part}`, {
          name: `${namePrefix}-${name}${part}`,
          description: "What can wait is told in business hours.",
          rule: { schedule: { expression, duration: durationOf(minutes), timezone: hours.timeZone } },
          muteTargets: { alarmNames: props.alarmNames.slice(start, start + alarmsMax) },
        });
      }
    }
  }
}

interface QuietSpan {
  readonly name: "nights" | "days-off";
  /** When the span begins: minutes, hours, day of the month, month, day of the week. */
  readonly expression: string;
  readonly minutes: number;
}

/** Every day from the end of work to its begin, and on days off the rest of the day as well. */
function quietSpans({ days, from, to }: Hours): readonly QuietSpan[] {
  const begin = minutesOf(from);
  const end = minutesOf(to);
  const work = (end - begin + 1440) % 1440;
  const off = week.filter((day) => !days.includes(day));
  const at = (minute: number) => `${minute % 60} ${Math.floor(minute / 60)}`;
  return [
    ...(work === 0
      ? []
      : [{ name: "nights", expression: `cron(${at(end)} * * *)`, minutes: 1440 - work } as const]),
    ...(off.length === 0
      ? []
      : [
          {
            name: "days-off",
            expression: `cron(${at(begin)} * * ${off.map((day) => day.slice(0, 3).toUpperCase()).join(",")})`,
            // The same time twice is the whole day.
            minutes: work === 0 ? 1440 : work,
          } as const,
        ]),
  ];
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** ISO 8601, as mute rules want it. */
function durationOf(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return `PT${hours > 0 ? `${hours}H` : ""}${rest > 0 ? `${rest}M` : ""}`;
}
