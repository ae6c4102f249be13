import Link from "next/link";

/** In all languages at once: nobody knows how one came here. */
export default function NotFound() {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-5 px-6 pt-24 text-center">
      <title>Sonica</title>
      <h1 className="font-semibold text-2xl">There is no such page</h1>
      <p lang="hi" className="text-muted">
        ऐसा कोई पन्ना नहीं है।
      </p>
      <Link prefetch={false} href="/" className="text-accent underline underline-offset-4">
        Sonica
      </Link>
    </div>
  );
}
