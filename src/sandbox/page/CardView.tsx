import { useState } from 'react';
import type { SealedCard } from '../../chat/message.ts';
import { CardInput } from './CardInput.tsx';
import { Markdown } from './Markdown.tsx';

type Button = SealedCard['buttons'][number];

/** Presses a button; resolves when the answer is there. */
export type Press = (button: Button, inputs: Record<string, string>) => Promise<void>;

/** One of the bot's cards. While a button waits for its answer, no other can be pressed. */
export function CardView({
  id,
  card,
  pictureAt,
  onPress,
}: {
  id: string;
  card: SealedCard;
  /** The address of the card's picture. */
  pictureAt: (name: string) => string;
  onPress: Press;
}) {
  const [inputs, setInputs] = useState<Record<string, string>>({});
  const [pressed, setPressed] = useState<string>();

  const press = async (button: Button): Promise<void> => {
    setPressed(button.actionId);
    try {
      await onPress(button, filledIn(card, inputs));
    } finally {
      setPressed(undefined);
    }
  };

  return (
    <article className="card" data-tone={card.tone} aria-labelledby={`${id}-title`}>
      <h3 className="card-title" id={`${id}-title`}>
        {card.title}
      </h3>
      <div className="card-content">
        {card.body === '' ? null : <Markdown text={card.body} />}
        {card.image === undefined ? null : (
          <img className="picture" src={pictureAt(card.image.path)} alt={card.image.alt} />
        )}
        {card.facts === undefined || card.facts.length === 0 ? null : <Facts facts={card.facts} />}
        {card.progress === undefined ? null : <Progress {...card.progress} />}
        {card.inputs?.map((input) => (
          <CardInput
            key={input.name}
            id={`${id}-${input.name}`}
            input={input}
            value={inputs[input.name] ?? ''}
            onChange={(value) => setInputs((old) => ({ ...old, [input.name]: value }))}
          />
        ))}
        {card.buttons.length === 0 ? null : (
          <div className="card-buttons">
            {card.buttons.map((button) => (
              <button
                key={button.actionId}
                type="button"
                className="button"
                data-tone={button.tone}
                aria-busy={pressed === button.actionId}
                aria-disabled={pressed !== undefined}
                onClick={() => (pressed === undefined ? void press(button) : undefined)}
              >
                {pressed === button.actionId ? <span className="spinner" aria-hidden="true" /> : null}
                {button.label}
              </button>
            ))}
          </div>
        )}
        {card.footer === undefined ? null : <p className="card-footer">{card.footer}</p>}
      </div>
    </article>
  );
}

/** What was filled in, of the inputs that stand on the card now. */
function filledIn(card: SealedCard, inputs: Record<string, string>): Record<string, string> {
  const names = new Set(card.inputs?.map((input) => input.name));
  return Object.fromEntries(
    Object.entries(inputs).filter(([name, value]) => names.has(name) && value !== ''),
  );
}

function Facts({ facts }: { facts: NonNullable<SealedCard['facts']> }) {
  return (
    <dl className="facts">
      {facts.map((fact) => (
        <div key={fact.label}>
          <dt>{fact.label}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Progress({ value, label }: { value: number; label: string }) {
  return (
    <div className="progress">
      <progress max={1} value={value} aria-label={label} />
      <span>{label}</span>
    </div>
  );
}
