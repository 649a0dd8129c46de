import type { ReactNode } from 'react';
import type { TipView } from '../../features/tips/tips.api.ts';
import { useTexts } from '../language.ts';
import { Markdown } from './Markdown.tsx';
import { TipLooks } from './TipLooks.tsx';

/** A tip as its card shows it in a chat, and below what only operators need to know. */
export function TipPreview({ tip }: { tip: TipView }) {
  const text = useTexts();
  const { buttons, facts } = text.tips;
  const words = [tip.body.trim(), text.tips.tryNow(tip.tryNow)];
  if (tip.version !== null) words.push(text.tips.version(tip.version));
  return (
    <>
      <article className="tip-card" aria-labelledby="tip-card-title">
        <h2 id="tip-card-title">{text.tips.cardTitle(tip.title)}</h2>
        <Markdown text={words.join('\n\n')} />
        <p className="card-buttons">
          <span data-tone="primary">{buttons.checkIn}</span>
          {tip.question === null ? null : <span>{buttons.quiz}</span>}
          <span data-tone="quiet">{buttons.useful}</span>
          <span data-tone="quiet">{buttons.known}</span>
          <span data-tone="quiet">{buttons.notForMe}</span>
        </p>
      </article>
      <TipLooks key={tip.key} tipKey={tip.key} />
      {tip.question === null ? null : <Question question={tip.question} />}
      <dl className="tip-facts">
        <Fact name={facts.feature}>{tip.feature}</Fact>
        <Fact name={facts.scene}>{tip.scene}</Fact>
        <Fact name={facts.level}>{text.levels[tip.level]}</Fact>
        {tip.tags.length === 0 ? null : <Fact name={facts.tags}>{tip.tags.join(' · ')}</Fact>}
        {tip.owner === null ? null : <Fact name={facts.owner}>{tip.owner}</Fact>}
        {tip.validUntil === null ? null : <Fact name={facts.validUntil}>{tip.validUntil}</Fact>}
      </dl>
    </>
  );
}

function Question({ question }: { question: NonNullable<TipView['question']> }) {
  const text = useTexts();
  return (
    <section className="tip-question" aria-label={text.tips.question}>
      <h3>{text.tips.question}</h3>
      <p>{question.text}</p>
      <ol>
        {question.options.map((option, index) => (
          <li key={option} data-right={index === question.answer}>
            {option}
            {index === question.answer ? <span className="unseen">({text.tips.right})</span> : null}
          </li>
        ))}
      </ol>
      <p className="muted small">{question.explanation}</p>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
