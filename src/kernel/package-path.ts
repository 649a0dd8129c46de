import { fileURLToPath } from 'node:url';

/** A file of the installation itself: the sources and the built files lie equally deep below its root. */
export function packagePath(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
