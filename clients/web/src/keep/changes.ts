export type Topic = "history" | "queue" | "packs";

/** Tells whoever shows something that it changed, in whatever tab or worker. */
export interface Changes {
  announce(...topics: Topic[]): void;
  subscribe(topic: Topic, listener: () => void): () => void;
  close(): void;
}

/** What is needed of a BroadcastChannel. */
export interface Channel {
  postMessage(message: unknown): void;
  close(): void;
  onmessage: ((event: MessageEvent) => void) | null;
}

function browserChannel(): Channel | undefined {
  return typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("sonica");
}

export function createChanges(openChannel: () => Channel | undefined = browserChannel): Changes {
  const listeners = new Map<Topic, Set<() => void>>();
  const channel = openChannel();

  function tell(topics: readonly unknown[]): void {
    for (const topic of new Set(topics)) {
      for (const listener of [...(listeners.get(topic as Topic) ?? [])]) listener();
    }
  }

  if (channel) {
    channel.onmessage = ({ data }) => {
      if (Array.isArray(data)) tell(data);
    };
  }
  return {
    announce(...topics) {
      channel?.postMessage(topics);
      // A channel does not hear itself.
      tell(topics);
    },
    subscribe(topic, listener) {
      // One that subscribes twice is told twice, and each of its ends ends one.
      const own = () => listener();
      const those = listeners.get(topic) ?? new Set();
      listeners.set(topic, those.add(own));
      return () => those.delete(own);
    },
    close() {
      listeners.clear();
      channel?.close();
    },
  };
}
