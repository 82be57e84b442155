import type { ManagedList } from "./network-model.ts";

/**
 * Ids of lists that AWS keeps, and the region in which the id means that list. Of these it is known that they hold no
 * address of a VPC; any other id is unknown.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const listsByRegion: Readonly<Record<string, Readonly<Partial<Record<ManagedList, string>>>>> = {
  "ap-northeast-1": { cloudfront: "pl-58a04531", s3: "pl-61a54008" },
  "ap-northeast-2": { cloudfront: "pl-22a6434b" },
  "ap-south-1": { cloudfront: "pl-9aa247f3" },
  "ap-southeast-1": { cloudfront: "pl-31a34658", s3: "pl-6fa54006" },
  "ap-southeast-2": { cloudfront: "pl-b8a742d1", s3: "pl-6ca54005" },
  "ca-central-1": { cloudfront: "pl-38a64351" },
  "eu-central-1": { cloudfront: "pl-a3a144ca", s3: "pl-6ea54007" },
  "eu-north-1": { cloudfront: "pl-fab65393" },
  "eu-west-1": { cloudfront: "pl-4fa04526", s3: "pl-6da54004" },
  "eu-west-2": { cloudfront: "pl-93a247fa" },
  "eu-west-3": { cloudfront: "pl-75b1541c" },
  "sa-east-1": { cloudfront: "pl-5da64334", s3: "pl-6aa54003" },
  "us-east-1": { cloudfront: "pl-3b927c52", s3: "pl-63a5400a" },
  "us-east-2": { cloudfront: "pl-b6a144df", s3: "pl-7ba54012" },
  "us-west-1": { cloudfront: "pl-4ea04527", s3: "pl-6ba54002" },
  "us-west-2": { cloudfront: "pl-82a045eb", s3: "pl-68a54001" },
};

const listsById = new Map(
  Object.entries(listsByRegion).flatMap(([region, lists]) =>
    Object.entries(lists).map(([list, id]) => [id, { list: list as ManagedList, region }] as const),
  ),
);

/** The list that an id names, and where; undefined where this package does not know it. */
export function managedList(id: string): { readonly list: ManagedList; readonly region: string } | undefined {
  return listsById.get(id);
}

/** Whether CloudFront's list of a region is known. */
export const knowsCloudFront = (region: string): boolean => listsByRegion[region]?.cloudfront !== undefined;
