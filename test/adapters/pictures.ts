import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A PNG of one white pixel. */
export const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);

/** Puts the picture, and a file that is called one and is none, where senders read; answers their names. */
export async function writePictures(fileRoot: string): Promise<{ real: string; fake: string }> {
  await mkdir(join(fileRoot, 'pictures'), { recursive: true });
  const [real, fake] = ['pictures/real.png', 'pictures/fake.png'];
  await writeFile(join(fileRoot, real), PICTURE);
  await writeFile(join(fileRoot, fake), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  return { real, fake };
}
