import { HistoryPage } from "@/history/page";

export default function Page() {
  return <HistoryPage />;
}
