/** The service that this page asks: where it comes from itself, unless it was built for another. */

import { createSonica, type Sonica } from "@sonica/sdk";

export const BASE_URL = process.env.NEXT_PUBLIC_SONICA_API ?? "";

let client: Sonica | undefined;

export function sonica(): Sonica {
  client ??= createSonica({ baseUrl: BASE_URL });
  return client;
}
