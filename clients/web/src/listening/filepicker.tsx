"use client";

import { type ReactNode, useId } from "react";
import { buttonLook } from "@/design/parts";

/** A button that asks for a file of music or video. */
export function FilePicker({ onFile, children }: { onFile: (file: File) => void; children: ReactNode }) {
  const id = useId();
  return (
    <span className="relative inline-flex">
      <input
        id={id}
        type="file"
        accept="audio/*,video/*,.opus,.amr,.3gp"
        className="peer absolute inset-0 size-full cursor-pointer opacity-0"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = ""; // the same one may be chosen again
          if (file) onFile(file);
        }}
      />
      <label
        htmlFor={id}
        className={`${buttonLook()} pointer-events-none peer-hover:border-accent peer-focus-visible:outline-3 peer-focus-visible:outline-accent peer-focus-visible:outline-offset-3`}
      >
        {children}
      </label>
    </span>
  );
}
