import { SharePage } from "@/share/page";

export default function Page() {
  return <SharePage />;
}
