import icon from './icon.svg';
import { useTexts } from './language.ts';

export function Brand() {
  const text = useTexts();
  return (
    <p className="brand">
      <img src={icon} alt="" width={32} height={32} />
      <span>
        <strong>{text.product}</strong>
        <small>{text.console}</small>
      </span>
    </p>
  );
}
