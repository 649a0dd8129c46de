import { buildIndex } from './index.ts';
import { weights } from './weights.ts';

export interface Text {
  id: string;
  text: string;
}

/** Which of many texts says most nearly the same, for whoever asks often. */
export interface AlikeIndex {
  /** `share`: how much both have in common, from 0 to 1. */
  nearest(text: string, options?: { not?: string; limit?: number }): { id: string; share: number }[];
}

export function alikeIndex(texts: readonly Text[]): AlikeIndex {
  const index = buildIndex(
    texts.map(({ id, text }) => ({ id, question: text, similar: [], answer: '', tags: [] })),
  );
  return {
    nearest(text, { not, limit = 3 } = {}) {
      return index
        .search(text, { limit, allows: (id) => id !== not })
        .map(({ id, contributions }) => ({ id, share: contributions.overlap / weights.overlap }))
        .sort((a, b) => b.share - a.share);
    },
  };
}
