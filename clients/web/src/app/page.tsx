import { ListenPage } from "@/listening/page";

export default function Page() {
  return <ListenPage />;
}
