/** What can go wrong while cost is counted: rows of the package's table. What has no price is no failure: the estimate says it. */
export const costErrors = {
  ASSURANCE_COST_RANGE: {
    message: ({ usd }: { readonly usd: number }) =>
      `an amount of ${usd} USD a month cannot be counted exactly`,
    fix: () => "correct the figures in cost.usage, or the numbers in the templates, that lead to it",
    retriable: false,
  },
  ASSURANCE_PRICE_LIST_INVALID: {
    message: ({ path, detail }: { readonly path: string; readonly detail: string }) =>
      `${path} gives no prices: ${detail}`,
    fix: () =>
      "name the offer file of a service and region from AWS's price list in bulk: offers/v1.0/aws/<service>/current/<region>/index.json",
    retriable: false,
  },
};
