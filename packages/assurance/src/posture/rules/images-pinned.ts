import { marksIn } from "../../artifacts/mark.ts";
import { type Finding, notApplicable, refuted, unknown } from "../../rule.ts";
import { containersOf, type ShippedContainer } from "../containers.ts";
import { postureRule } from "../posture-rule.ts";
import { shown, textAt, whyUnknown } from "../read-value.ts";

export const imagesPinned = postureRule({
  name: "images-pinned",
  why: "What runs under a tag that moves is not what was tested, and two tasks of one service may differ.",
  fix: "Name a version or a digest in the definition, and have it built into the registry.",
  things: "containers",
  find: (posture) => containersOf(posture),
  judge: (container) => judgeImage(container),
});

function judgeImage({ resource, name, fields, service }: ShippedContainer): readonly Finding[] {
  const image = textAt(fields, "Image");
  if (image === undefined || image === "")
    return [refuted(resource.key, `the container ${name} has no image`)];
  const why = whyUnknown(image);
  if (why !== undefined) return [unknown(resource.key, `the image of ${name}: ${why}`)];
  const moves = whyItMoves(image);
  if (moves === null) return [];
  // A document that names such an image gets it; whoever reads the report sees what that means.
  if (service?.image === image && service.build === null)
    return [notApplicable(resource.key, `the definition itself names ${shown(image)}, which ${moves}`)];
  return [refuted(resource.key, `the container ${name} runs ${shown(image)}, which ${moves}`)];
}

/** Why what runs under an image's name may change; null where it is pinned. */
function whyItMoves(image: string): string | null {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return null;
  // The port of a registry stands before a slash. A mark as the tag is one that a release fills in.
  const last = image.slice(image.lastIndexOf("/") + 1);
  const marked = marksIn(image).at(-1);
  if (marked !== undefined && image.endsWith(`:⟨${marked}⟩`)) return null;
  const tag = /:([^:⟨⟩]*)$/.exec(last)?.[1];
  if (tag === undefined || tag === "") return "has no tag and is the latest one";
  return /^(latest|stable|main|master|edge|nightly|dev|develop|current|lts)$/i.test(tag)
    ? `has the tag ${tag}, which moves`
    : null;
}
