export { type Correction, correct } from './corrections.service.ts';
