// Stands for docker, podman or buildah in tests: keeps what it was asked, and does what a file tells it.
// Its first argument is the name that it was started under; its folder is where it lives.
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, name, ...args] = process.argv.slice(2);
const read = (file, standard) => {
  const path = join(folder, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : standard;
};
const behaviour = read("behaviour.json", {})[name] ?? {};
const images = read("images.json", {});
const keep = () => writeFileSync(join(folder, "images.json"), JSON.stringify(images));
const stdin = args.includes("--password-stdin") ? readFileSync(0, "utf8") : "";
appendFileSync(join(folder, "calls.jsonl"), `${JSON.stringify({ name, args, stdin })}\n`);

const [first, second] = args;
const command = first === "buildx" ? `buildx ${second}` : first;
const failure = (behaviour.failures ?? []).find((one) => one.command === command);
if (failure !== undefined) {
  for (const line of failure.lines) console.error(line);
  process.exitCode = failure.status;
} else if (command === "build" || command === "buildx build") {
  const reference = args[args.indexOf("--tag") + 1];
  const architecture = behaviour.architecture ?? args[args.indexOf("--platform") + 1].split("/")[1];
  const content = behaviour.content ?? "one";
  images[reference] = {
    Id: `sha256:${createHash("sha256")
      .update(`${reference.split("/").at(-1)} ${content}`)
      .digest("hex")}`,
    Size: 12_345_678,
    Architecture: architecture,
  };
  keep();
  console.log("#1 load build definition");
  console.error("#2 DONE 0.1s");
} else if (command === "image" || command === "inspect") {
  const image = images[args.at(-1)];
  if (image === undefined) {
    console.error(`Error: No such image: ${args.at(-1)}`);
    process.exitCode = 1;
  } else if (command === "inspect") {
    const { Id, Architecture } = image;
    console.log(JSON.stringify({ FromImageID: Id.slice(7), OCIv1: { architecture: Architecture } }));
  } else console.log(JSON.stringify([image]));
} else if (command === "tag") {
  images[args[2]] = images[args[1]];
  keep();
} else if (command === "push") {
  await push(args.at(-1));
}

/** Puts a manifest with this configuration into the emulator, as a push ends; without one, into a file. */
async function push(target) {
  const { Id } = images[target];
  const [, repositoryName, imageTag] = /^[^/]+\/(.*):([^:]+)$/.exec(target);
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType: "application/vnd.docker.container.image.v1+json", size: 7, digest: Id },
    layers: [
      { mediaType: "application/vnd.docker.image.rootfs.diff.tar.gzip", size: 41_000_000, digest: Id },
    ],
  });
  const pushed = read("pushed.json", {});
  pushed[target] = Id;
  writeFileSync(join(folder, "pushed.json"), JSON.stringify(pushed));
  console.log(`${imageTag}: digest: ${Id} size: 7`);
  const { AWS_ENDPOINT_URL: url } = process.env;
  if (url === undefined) return;
  const region = /\.ecr\.([a-z0-9-]+)\./.exec(target)[1];
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/ecr/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ repositoryName, imageTag, imageManifest }),
  });
  if (!answer.ok) {
    console.error(await answer.text());
    process.exitCode = 1;
  }
}
