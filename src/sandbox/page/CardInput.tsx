import type { SealedCard } from '../../chat/message.ts';

type Input = NonNullable<SealedCard['inputs']>[number];

/** Longer answers get a box, shorter ones a line. */
const LINE_CHARACTERS = 60;

export function CardInput(props: {
  id: string;
  input: Input;
  value: string;
  onChange: (value: string) => void;
}) {
  return props.input.kind === 'choice' ? <Choice {...props} /> : <Words {...props} />;
}

function Choice({ id, input, value, onChange }: Parameters<typeof CardInput>[0]) {
  return (
    <fieldset className="choice">
      <legend>{input.label}</legend>
      {input.options?.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={id}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Words({ id, input, value, onChange }: Parameters<typeof CardInput>[0]) {
  const { label, placeholder, maxLength = 1000 } = input;
  const field = {
    id,
    value,
    maxLength,
    ...(placeholder === undefined ? {} : { placeholder }),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="words">
      <label htmlFor={id}>{label}</label>
      {maxLength > LINE_CHARACTERS ? (
        <textarea rows={3} {...field} />
      ) : (
        <input type="text" autoComplete="off" {...field} />
      )}
    </div>
  );
}
