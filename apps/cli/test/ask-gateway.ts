import { request } from "node:http";

export interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly id?: string; readonly code?: string };
}

/** A request to a tenant's host at the gateway. */
export function ask(port: string, tenant: string, token?: string): Promise<Answer> {
  const headers = {
    host: `${tenant}.localhost`,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/v2/tenant", headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, body: JSON.parse(text) as Answer["body"] }),
      );
    })
      .on("error", reject)
      .end();
  });
}

/** Posts to a tenant's host without a token; the status of the answer. */
export function postTo(
  port: string,
  tenant: string,
  path: string,
  body: object,
): Promise<number | undefined> {
  const headers = { host: `${tenant}.localhost`, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method: "POST", headers, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    })
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}
