import type { ApiScope } from "../../http/api-scope.ts";
import type { ApiContext } from "../api-context.ts";
import { createDocumentRoute } from "./create-document.ts";
import { deleteDocumentRoute } from "./delete-document.ts";
import { listDocumentsRoute } from "./list-documents.ts";
import { patchDocumentRoute } from "./patch-document.ts";
import { readDocumentRoute } from "./read-document.ts";
import { replaceDocumentRoute } from "./replace-document.ts";

/** `/v2/documents/{collection}` and `/v2/documents/{collection}/{id}`. */
export function documentRoutes(scope: ApiScope, context: ApiContext): void {
  listDocumentsRoute(scope, context);
  createDocumentRoute(scope, context);
  readDocumentRoute(scope, context);
  replaceDocumentRoute(scope, context);
  patchDocumentRoute(scope, context);
  deleteDocumentRoute(scope, context);
}
