/** Whom something is meant for: the door of the slice. Notices, quizzes and surveys ask here. */

export { type Definition, definitionShape } from './audiences.api.ts';
export { audienceOf, peopleOf } from './audiences.service.ts';
