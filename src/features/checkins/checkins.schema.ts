/** How strong the evidence is, weakest first: a tip that was open long enough is `read`, use that a server saw is `usage`. */
export const evidenceGrades = ['tap', 'self-declared', 'read', 'answered', 'usage'] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];
