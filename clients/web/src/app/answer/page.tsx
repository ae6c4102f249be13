import { AnswerPage } from "@/answer/page";

export default function Page() {
  return <AnswerPage />;
}
