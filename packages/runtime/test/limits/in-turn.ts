import type { Answer } from "../http/exchange.ts";

export const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

/** One request after the other. */
export async function inTurn(count: number, one: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await one());
  return answers;
}
