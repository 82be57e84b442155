const secondsOf = { minute: 60, hour: 3600, day: 86_400 } as const;
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const minutesOfDay = 24 * 60;

/**
 * The longest time between two runs of a schedule of EventBridge or AWS Backup, seconds; null where it cannot be told.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function scheduleInterval(expression: string): number | null {
  const rate = /^rate\((\d{1,6}) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) return Number(rate[1]) * secondsOf[rate[2] as keyof typeof secondsOf] || null;
  const fields = /^cron\(([^()]+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6 || fields[5] !== "*") return null;
  const [minute = "", hour = "", monthDay = "", month = "", weekday = ""] = fields;
  const minuteSet = valuesOf(minute, 0, 59, []);
  const hourSet = valuesOf(hour, 0, 23, []);
  const dayTest = dayTestOf(monthDay, month, weekday);
  if (minuteSet === null || hourSet === null || dayTest === null) return null;
  const times = hourSet.flatMap((one) => minuteSet.map((other) => one * 60 + other)).sort((a, b) => a - b);
  return longestGap(times, dayTest);
}

type DayTest = (monthDay: number, month: number, weekday: number) => boolean;

function dayTestOf(monthDay: string, month: string, weekday: string): DayTest | null {
  const monthSet = valuesOf(month, 1, 12, months);
  const daySet = monthDay === "?" ? [] : valuesOf(monthDay, 1, 31, []);
  // Sunday is 1 in these expressions.
  const weekdaySet = weekday === "?" ? [] : valuesOf(weekday, 1, 7, weekdays);
  if (monthSet === null || daySet === null || weekdaySet === null) return null;
  return (day, inMonth, onWeekday) =>
    monthSet.includes(inMonth) &&
    (monthDay === "?" || daySet.includes(day)) &&
    (weekday === "?" || weekdaySet.includes(onWeekday));
}

/** The values that a field means, such as "0/4" or "MON-FRI"; null where it is none of these forms. */
function valuesOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[],
): readonly number[] | null {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const range = rangeOf(part, least, most, names);
    if (range === null) return null;
    for (let value = range.from; value <= range.to; value += range.step) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function rangeOf(
  part: string,
  least: number,
  most: number,
  names: readonly string[],
): { readonly from: number; readonly to: number; readonly step: number } | null {
  const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d{1,4}))?$/.exec(part);
  if (match === null) return null;
  const [, first = "", last, every] = match;
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    return named === -1 ? (/^\d{1,4}$/.test(text) ? Number(text) : Number.NaN) : named + least;
  };
  const from = first === "*" ? least : numberOf(first);
  const to = last !== undefined ? numberOf(last) : first === "*" || every !== undefined ? most : from;
  const step = every === undefined ? 1 : Number(every);
  const isRight = from >= least && to <= most && from <= to && step >= 1;
  return isRight ? { from, to, step } : null;
}

/** Over two years that begin with a leap year and with the weekday that makes no difference. */
function longestGap(times: readonly number[], isDay: DayTest): number | null {
  const first = times[0];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return null;
  const within = times.reduce((gap, time, index) => Math.max(gap, time - (times[index - 1] ?? time)), 0);
  let previous: number | null = null;
  let gap = within;
  let day = 0;
  for (const year of [0, 1]) {
    for (const [month, days] of monthDays.entries()) {
      const length = month === 1 && year === 1 ? 28 : days;
      for (let monthDay = 1; monthDay <= length; monthDay += 1, day += 1) {
        if (!isDay(monthDay, month + 1, (day % 7) + 1)) continue;
        if (previous !== null) gap = Math.max(gap, (day - previous) * minutesOfDay - last + first);
        previous = day;
      }
    }
  }
  return previous === null || gap === 0 ? null : gap * 60;
}
