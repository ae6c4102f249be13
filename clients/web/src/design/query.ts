"use client";

import { useEffect, useState } from "react";

/**
 * A parameter of this page's address; undefined until it is known: pages are exported without one.
 * Next's own hook would keep the whole page out of the export.
 */
export function useQuery(name: string): string | null | undefined {
  const [value, setValue] = useState<string | null>();
  useEffect(() => setValue(new URLSearchParams(location.search).get(name)), [name]);
  return value;
}
