import { readFileSync } from 'node:fs';
import { buildIndex, ingredients } from '../src/features/faq/engine/index.ts';
import { syllable } from '../src/features/faq/engine/sound.ts';
import { leftOut, shippedEntries } from './faq-left-out.ts';
import { measure, typist } from './faq-measures.ts';
const load = (p: string) => JSON.parse(readFileSync(p, 'utf8'));
const law = load('/work/shared/faq-dev/law.json'), bank = load('/tmp/twelve/bank-dev.json');
const slip = typist(law.entries.flatMap((e: any) => [e.question, ...e.similar]), syllable);
const typedAll = law.queries.filter((q: any) => q.answer_id !== null).map((q: any, s: number) => ({ ...q, text: slip(q.text, s + 1) }));
const typed = typedAll.filter((_: any, i: number) => i % 2 === 1);
const odd = law.queries.filter((_: any, i: number) => i % 2 === 1);
const bq = bank.queries.filter((_: any, i: number) => i % 4 === 3);
const shipped = shippedEntries();
const S = (es: any[], w: any[]) => { const ix = buildIndex(es.map((e) => ({ ...e, tags: [] })), new Set(w)); return (t: string) => ix.search(t, { limit: 10 }).map(({ id, confidence }) => ({ id, score: confidence })); };
const f = (n: number) => n.toFixed(3);
for (const name of ['nothing', ...ingredients]) {
  const w = name === 'nothing' ? [] : [name];
  const s = S(law.entries, w), b = S(bank.entries, w);
  const m = measure(odd, s), t = measure(typed, s), k = measure(bq, b), o = leftOut(shipped, w as any);
  console.log('| ' + [name, f(m.hit1), f(m.hit3), f(m.auc), f(t.hit1), f(o.hit1), f(o.hit3), f(k.hit1), f(k.auc)].join(' | ') + ' |');
  if (name === 'nothing') { const a = measure(law.queries, s); console.log('ALL', JSON.stringify(a), 'typos', measure(typedAll, s).hit1); const kk = measure(bank.queries, b); console.log('BANK', JSON.stringify(kk)); }
}
