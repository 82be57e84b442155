import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import type { ApiVersion } from "../api-version.ts";
import { bulkDocumentsRoute } from "./bulk-documents.ts";
import { createDocumentRoute } from "./create-document.ts";
import { deleteDocumentRoute } from "./delete-document.ts";
import { listDocumentsByOffsetRoute } from "./list-documents-by-offset.ts";
import { listDocumentsRoute } from "./list-documents.ts";
import { patchDocumentRoute } from "./patch-document.ts";
import { readDocumentRoute } from "./read-document.ts";
import { replaceDocumentRoute } from "./replace-document.ts";

/**
 * `documents/{collection}` and `documents/{collection}/{id}`; in version 2 also patches and
 * `documents/{collection}/bulk`, which comes before the id that its path could be taken for.
 */
export function documentRoutes(scope: ApiScope, context: ApiContext, version: ApiVersion): void {
  if (version === "v1") {
    listDocumentsByOffsetRoute(scope, context);
  } else {
    listDocumentsRoute(scope, context);
    bulkDocumentsRoute(scope, context);
    patchDocumentRoute(scope, context);
  }
  createDocumentRoute(scope, context, version);
  readDocumentRoute(scope, context, version);
  replaceDocumentRoute(scope, context, version);
  deleteDocumentRoute(scope, context, version);
}
