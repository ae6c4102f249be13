import { SongPage } from "@/song/page";

export default function Page() {
  return <SongPage />;
}
