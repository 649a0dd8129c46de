/** Lets those who wait for the same thing go one after the other, in the order in which they came. */
export interface Line {
  /** Resolves to what `turn` answers, once everybody who came before under this key has had their turn. */
  queueUp<Answer>(key: string, turn: () => Promise<Answer>): Promise<Answer>;
}

/** For one process. Nothing is kept of a key once its line is empty. */
export function createLine(): Line {
  const last = new Map<string, Promise<unknown>>();
  return {
    async queueUp(key, turn) {
      const before = last.get(key) ?? Promise.resolve();
      const mine = before.then(turn, turn);
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
  };
}
