/** What somebody may do beyond being an employee. */
export const roles = ['liaison', 'hr', 'operator', 'support', 'admin'] as const;
export type Role = (typeof roles)[number];
