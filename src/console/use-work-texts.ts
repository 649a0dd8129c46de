import { useLanguage } from './language.ts';
import { workTexts } from './work.text.ts';

export const useWorkTexts = () => workTexts[useLanguage()];
