/** A light stem of an English word: plural, -ing, -ed and a silent e go. Names with digits stay as they are. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let root = word;
  if (root.endsWith('ies') && root.length > 4) root = `${root.slice(0, -3)}y`;
  else if (/(?:s|x|z|ch|sh)es$/.test(root)) root = root.slice(0, -2);
  else if (root.endsWith('s') && !/(?:ss|us|is)$/.test(root)) root = root.slice(0, -1);
  const inner = /^(.*[aeiouy].*?)(?:ing|ed)$/.exec(root)?.[1];
  if (inner !== undefined && inner.length > 2) {
    const doubled = /([bdfgmnprt])\1$/.test(inner);
    root = doubled ? inner.slice(0, -1) : inner;
  }
  return root.length > 3 && root.endsWith('e') ? root.slice(0, -1) : root;
}
