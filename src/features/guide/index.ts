export { fallbacks, type GuideDeps, helpCommand, stranger } from './guide.chat.ts';
