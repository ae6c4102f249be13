import { SearchPage } from "@/search/page";

export default function Page() {
  return <SearchPage />;
}
