/** The question bank: what can be asked, how an answer is judged, and how questions come and go as files. */

export { importQuestions, type QuestionRow, type QuestionsImported } from './questions.import.ts';
export { contentsAt, drawable } from './questions.lists.ts';
export { type Pictures, pictureOf, pictures } from './questions.pictures.ts';
export { judge, readTyped, soundsLikeQuestion } from './questions.rules.ts';
export {
  type Given,
  type QuestionContent,
  type QuestionFile,
  questionsFileSchema,
} from './questions.schema.ts';
export { givenWords, letterOf, optionLines, optionsOf, rightWords } from './questions.words.ts';
