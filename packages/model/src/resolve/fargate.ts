/**
 * The memory that Fargate offers for each amount of CPU, MiB.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
const memoryByCpu: readonly {
  readonly cpuUnits: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}[] = [
  { cpuUnits: 256, min: 512, max: 2048, step: 1024 },
  { cpuUnits: 512, min: 1024, max: 4096, step: 1024 },
  { cpuUnits: 1024, min: 2048, max: 8192, step: 1024 },
  { cpuUnits: 2048, min: 4096, max: 16_384, step: 1024 },
  { cpuUnits: 4096, min: 8192, max: 30_720, step: 1024 },
  { cpuUnits: 8192, min: 16_384, max: 61_440, step: 4096 },
  { cpuUnits: 16_384, min: 32_768, max: 122_880, step: 8192 },
];

/** What to write instead of a size that Fargate does not have; null where it has it. */
export function fargateSizeFix(cpuUnits: number, memoryMiB: number): string | null {
  const row = memoryByCpu.find((candidate) => candidate.cpuUnits === cpuUnits);
  if (row === undefined) {
    return `cpuUnits as one of ${memoryByCpu.map((candidate) => candidate.cpuUnits).join(", ")}`;
  }
  const { min, max, step } = row;
  const fits = memoryMiB >= min && memoryMiB <= max && (memoryMiB === min || memoryMiB % step === 0);
  return fits
    ? null
    : `memoryMiB as ${min % step === 0 ? "" : `${min} or `}a multiple of ${step} between ${min} and ${max}`;
}
