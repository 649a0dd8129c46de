export { type Role, roles } from '../kernel/permissions.ts';
