import { ScanPage } from "@/scan/page";

export default function Page() {
  return <ScanPage />;
}
