/**
 * The zones of each AWS region, by the letter behind the region's name. Where an account sees
 * other letters (us-west-1, ca-central-1, ap-northeast-1), an environment can name its zones.
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
const zoneLetters: Readonly<Record<string, string>> = {
  "af-south-1": "abc",
  "ap-east-1": "abc",
  "ap-northeast-1": "acd",
  "ap-northeast-2": "abcd",
  "ap-northeast-3": "abc",
  "ap-south-1": "abc",
  "ap-south-2": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
  "ap-southeast-3": "abc",
  "ap-southeast-4": "abc",
  "ca-central-1": "abd",
  "ca-west-1": "abc",
  "eu-central-1": "abc",
  "eu-central-2": "abc",
  "eu-north-1": "abc",
  "eu-south-1": "abc",
  "eu-south-2": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "il-central-1": "abc",
  "me-central-1": "abc",
  "me-south-1": "abc",
  "mx-central-1": "abc",
  "sa-east-1": "abc",
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "ac",
  "us-west-2": "abcd",
};

export const regions: readonly string[] = Object.freeze(Object.keys(zoneLetters));

/** The names of a region's zones; none for a region that does not exist. */
export function zonesOf(region: string): readonly string[] {
  if (!Object.hasOwn(zoneLetters, region)) return [];
  return [...(zoneLetters[region] ?? "")].map((letter) => `${region}${letter}`);
}
