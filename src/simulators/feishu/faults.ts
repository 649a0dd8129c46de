import type { SimAnswer } from './answers.ts';

/** Something that goes wrong the next time a call is made. */
export interface Fault {
  /** The name of the call, such as `im/v1/messages`, or `*` for any. */
  call: string;
  /**
   * `lost`: the work is done and the connection breaks before the answer. `silent`: nothing is done and nothing is
   * answered. An answer of its own: nothing is done and this comes back. `slow`: done, and answered after so many
   * milliseconds.
   */
  kind: 'lost' | 'silent' | { answer: SimAnswer } | { slowMs: number };
  /** How often; once unless given. */
  times?: number;
}

export function createFaults() {
  const planned: (Fault & { left: number })[] = [];
  return {
    add(fault: Fault): void {
      planned.push({ ...fault, left: fault.times ?? 1 });
    },
    take(call: string): Fault['kind'] | undefined {
      const fault = planned.find((one) => one.call === call || one.call === '*');
      if (fault === undefined) return undefined;
      fault.left -= 1;
      if (fault.left <= 0) planned.splice(planned.indexOf(fault), 1);
      return fault.kind;
    },
    clear(): void {
      planned.length = 0;
    },
  };
}
