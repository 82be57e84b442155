/**
 * The IAM path of everything that says who may come in. A deployment acts on names without a path, so nothing that stands below this one is
 * within its reach.
 */
export const accessPath = "/access/";
