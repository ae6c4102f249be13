import { ChartsPage } from "@/charts/page";

export default function Page() {
  return <ChartsPage />;
}
