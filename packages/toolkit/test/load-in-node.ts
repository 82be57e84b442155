// Loads the definitions that the command line names, in a Node of their own, because the test
// runner has another module loader. Prints one JSON line for each.
import { isCodedError, systemClock } from "@tenantry/base";
import { loadDefinition } from "../src/definition/load-definition.ts";

// What never settles must not hold up a test.
const impatientClock = { ...systemClock, sleep: () => systemClock.sleep(100) };
for (const path of process.argv.slice(2)) {
  const clock = path.includes("waits-for-ever") ? impatientClock : systemClock;
  try {
    const { name } = await loadDefinition(path, { clock, cwd: process.cwd() });
    console.log(JSON.stringify({ path, name }));
  } catch (failure) {
    if (!isCodedError(failure)) throw failure;
    const { code, message, fix, params } = failure;
    console.log(JSON.stringify({ path, code, message, fix, location: params["location"] }));
  }
}
