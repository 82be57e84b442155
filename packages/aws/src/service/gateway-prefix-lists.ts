/**
 * AWS's managed prefix list of S3, `com.amazonaws.{region}.s3`: what a gateway endpoint takes to S3, from which ECR hands out the
 * layers of images. https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
export const s3PrefixLists: Readonly<Record<string, string>> = Object.freeze({
  "ap-northeast-1": "pl-61a54008",
  "ap-southeast-1": "pl-6fa54006",
  "ap-southeast-2": "pl-6ca54005",
  "eu-central-1": "pl-6ea54007",
  "eu-west-1": "pl-6da54004",
  "sa-east-1": "pl-6aa54003",
  "us-east-1": "pl-63a5400a",
  "us-east-2": "pl-7ba54012",
  "us-west-1": "pl-6ba54002",
  "us-west-2": "pl-68a54001",
});
