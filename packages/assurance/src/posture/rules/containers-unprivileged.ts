import { type Finding, notApplicable, refuted } from "../../rule.ts";
import { containersOf, type ShippedContainer } from "../containers.ts";
import { postureRule } from "../posture-rule.ts";
import { isFlag, listAt, textAt, textsAt, valueAt } from "../read-value.ts";

export const containersUnprivileged = postureRule({
  name: "containers-unprivileged",
  why: "Who breaks out of a container that runs as root or with privileges has the machine, and the containers of other tenants on it.",
  fix: "Run as a user above 0, with a read-only root, no privileges and no added capabilities.",
  things: "containers",
  find: (posture) => containersOf(posture),
  judge: (container) => [
    ...judgeUser(container),
    ...judgeRoot(container),
    ...judgePrivileges(container),
    ...judgeTask(container),
  ],
});

function judgeUser({ resource, name, fields, service }: ShippedContainer): readonly Finding[] {
  const user = textAt(fields, "User");
  const id = user?.split(":")[0];
  // Without a user it is the image's, which is root unless somebody thought of it.
  const isRoot = id === undefined || id === "" || id === "root" || Number(id) === 0;
  if (!isRoot) return [];
  const witness = `the container ${name} runs as ${user ?? "the user of its image"}`;
  return service?.container.userId === 0
    ? [notApplicable(resource.key, `the definition says container.userId: 0; ${witness}`)]
    : [refuted(resource.key, witness)];
}

function judgeRoot({ resource, name, fields, service }: ShippedContainer): readonly Finding[] {
  if (isFlag(valueAt(fields, "ReadonlyRootFilesystem"), true)) return [];
  const witness = `the container ${name} can write to its root file system`;
  return service?.container.readOnlyRoot === false
    ? [notApplicable(resource.key, `the definition says container.readOnlyRoot: false; ${witness}`)]
    : [refuted(resource.key, witness)];
}

function judgePrivileges({ resource, name, fields }: ShippedContainer): readonly Finding[] {
  const privileged = valueAt(fields, "Privileged");
  const added = textsAt(fields, "LinuxParameters", "Capabilities", "Add");
  const devices = listAt(fields, "LinuxParameters", "Devices");
  return [
    ...(privileged === undefined || isFlag(privileged, false)
      ? []
      : [refuted(resource.key, `the container ${name} is privileged: it is root on its machine`)]),
    ...(added.length > 0 ? [refuted(resource.key, `the container ${name} adds ${added.join(", ")}`)] : []),
    ...(devices.length > 0
      ? [refuted(resource.key, `the container ${name} has devices of its machine`)]
      : []),
  ];
}

function judgeTask({ resource }: ShippedContainer): readonly Finding[] {
  const { properties, key } = resource;
  const shared = ["PidMode", "IpcMode"].filter(
    (mode) => ![undefined, "task", "none"].includes(textAt(properties, mode)),
  );
  const mounts = listAt(properties, "Volumes").filter(
    (volume) => textAt(volume, "Host", "SourcePath") !== undefined,
  );
  return [
    ...(textAt(properties, "NetworkMode") === "awsvpc" || textAt(properties, "NetworkMode") === "none"
      ? []
      : [
          refuted(
            key,
            `NetworkMode is ${textAt(properties, "NetworkMode") ?? "missing"}: the task has no security group of its own`,
          ),
        ]),
    ...shared.map((mode) =>
      refuted(key, `${mode} is ${textAt(properties, mode) ?? ""}: it sees the processes of others`),
    ),
    ...mounts.map(() => refuted(key, "it mounts a folder of its machine")),
  ];
}
