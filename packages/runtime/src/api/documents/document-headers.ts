import { entityTagsSchema } from "../../http/etag.ts";

/** The header of responses that carry a document, for the OpenAPI description. */
export const etagHeader = {
  ETag: { type: "string", description: 'The version of the document, such as "3".' },
};

/** The preconditions that routes read, as parameters of the OpenAPI description. */
export const ifMatchHeader = {
  "If-Match": {
    required: false,
    description: 'The ETag of the version that may be changed, such as "3", or *.',
    schema: entityTagsSchema,
  },
};
export const ifMatchRequiredHeader = {
  "If-Match": {
    required: true,
    description: 'The ETag of the version that is replaced, such as "3", or *.',
    schema: entityTagsSchema,
  },
};
export const ifNoneMatchHeader = {
  "If-None-Match": {
    required: false,
    description: "The ETag of the version that the client has.",
    schema: entityTagsSchema,
  },
};
