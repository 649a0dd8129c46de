/**
 * Whether `work` ends within `milliseconds`. Work that is given up goes on unobserved, and its errors are dropped:
 * closing a connection to a server that is gone may never end, and a process that stops cannot wait for it.
 */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([ended, tooLate]);
  clearTimeout(timer);
  return inTime;
}
