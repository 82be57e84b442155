import { z } from "zod";
import { ProblemError } from "../../http/problems.ts";
import { apiSchemas, timestamp } from "../../http/schemas.ts";
import { uuidPattern } from "../../http/uuid-v7.ts";
import type { ObjectStore } from "../../files/object-store.ts";
import type { ApiContext } from "../api-context.ts";
import type { StoredFile } from "./file-queries.ts";

const fileIdSchema = z.string().regex(uuidPattern, "must be a UUID in lower case");

export const fileParams = z.strictObject({ id: fileIdSchema });

export const fileSchema = z
  .strictObject({
    id: fileIdSchema,
    name: z.string().min(1).max(255),
    mediaType: z.string().min(3).max(255),
    sizeBytes: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    createdBy: z.string(),
    createdAt: timestamp,
  })
  .register(apiSchemas, {
    id: "File",
    description: "A file without its content. Neither ever changes; another content is another file.",
    examples: [
      {
        id: "0197a5f0-3c7e-7a10-9d5b-2f6c1e8b4a37",
        name: "rooftop.jpg",
        mediaType: "image/jpeg",
        sizeBytes: 482_113,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        createdBy: "ada@example.com",
        createdAt: "2026-01-31T12:00:00.000Z",
      },
    ],
  });
export type FileView = z.infer<typeof fileSchema>;

export function fileView(row: StoredFile): FileView {
  return {
    id: row.id,
    name: row.name,
    mediaType: row.media_type,
    sizeBytes: Number(row.size_bytes),
    sha256: row.sha256,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}

/** @throws ProblemError FILES_UNAVAILABLE where the server has no place for files */
export function objectsOf(context: ApiContext): ObjectStore {
  if (context.objects !== null) return context.objects;
  throw new ProblemError("FILES_UNAVAILABLE", {
    detail: "this server has no place for files; its operator has to give it a folder or a bucket",
  });
}
