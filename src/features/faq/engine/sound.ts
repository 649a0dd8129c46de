import { pinyin } from 'pinyin-pro';
import { isHan, trigramsOf } from './analyse.ts';

const known = new Map<string, string>();

/** The syllable of one character without its tone, by its most frequent reading; the character itself when it has none. */
export function syllable(character: string): string {
  let sound = known.get(character);
  if (sound === undefined) {
    sound = pinyin(character, { toneType: 'none', v: true });
    known.set(character, sound);
  }
  return sound;
}

/** What survives a slip: pairs of syllables for Chinese, three letters at a time for other words. */
export function soundsOf(units: readonly string[]): string[] {
  const sounds: string[] = [];
  let before = '^';
  for (const unit of units) {
    if (isHan(unit)) {
      const sound = syllable(unit);
      sounds.push(`${before} ${sound}`);
      before = sound;
    } else {
      before = '^';
      sounds.push(...trigramsOf(unit));
    }
  }
  return sounds;
}

/** How much two words of letters look like a slip of one another, from 0 to 1. */
export function lettersAlike(a: string, b: string): number {
  if (a.length < 4 || b.length < 4 || /\d/.test(a) || /\d/.test(b)) return 0;
  const ours = new Set(trigramsOf(a));
  const theirs = new Set(trigramsOf(b));
  let shared = 0;
  for (const gram of ours) if (theirs.has(gram)) shared += 1;
  return (2 * shared) / (ours.size + theirs.size);
}

/** Two Chinese words that are spoken alike, tones aside. */
export function soundsAlike(a: string, b: string): boolean {
  const ours = Array.from(a);
  const theirs = Array.from(b);
  return (
    ours.length === theirs.length &&
    ours.every((letter, place) => isHan(letter) && syllable(letter) === syllable(theirs[place] ?? ''))
  );
}
