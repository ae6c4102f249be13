import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { type Channel, createChanges } from "../src/keep/changes.ts";
import { type Database, openDatabase } from "../src/keep/database.ts";
import { createHistory, type Entry } from "../src/keep/history.ts";

/** What one tab has; `name`: of the database that it shares with others. */
export function openTab(
  name: string = randomUUID(),
  openChannel: () => Channel | undefined = () => undefined,
) {
  const database = openDatabase({ name });
  const changes = createChanges(openChannel);
  onTestFinished(() => {
    database.close();
    changes.close();
  });
  return { name, database, changes, history: createHistory({ database, changes }) };
}

export function entryOf(changed: Partial<Entry> = {}): Entry {
  return {
    id: randomUUID(),
    heardAt: 1_000,
    source: "microphone",
    how: "queue",
    status: "waiting",
    others: [],
    ...changed,
  };
}

/** As the service answers; `id` tells one answer from another. */
export function recognized(id: string, changed: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    feedback_token: `token-${id}`,
    status: "match",
    ambiguous: false,
    song: { id: 6, recording_id: 7, title: "शाम की चिट्ठी", artist: "Sonica", language: "hi", path: "" },
    offset_s: 18.02,
    speed: 1.1,
    pitch_semitones: 1.65,
    confidence: 0.9994,
    alternatives: [],
    ...changed,
  };
}

export function problem(status: number, name: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ type: `/problems/${name}`, title: name, status, detail: "" }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
}

/** A database that does as `spoil` says before each use. */
export function spoilt(database: Database, spoil: () => Promise<void>): Database {
  return {
    use: async (work) => {
      await spoil();
      return database.use(work);
    },
    close: () => database.close(),
  };
}
