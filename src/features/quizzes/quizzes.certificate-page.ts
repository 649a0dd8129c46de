import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

/** A face for signboards with 7,000 characters; part of the installation. */
const FACE = '@expo-google-fonts/zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf';
/** What systems have for characters that the face lacks, in rare names; the first that is there. */
const SYSTEM_FACES: readonly { path: string; family?: string }[] = [
  { path: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', family: 'NotoSansCJKsc-Regular' },
  { path: '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc', family: 'NotoSansCJKsc-Regular' },
  { path: '/System/Library/Fonts/PingFang.ttc', family: 'PingFangSC-Regular' },
  { path: '/System/Library/Fonts/Supplemental/Songti.ttc', family: 'STSongti-SC-Regular' },
];

let face: Buffer | undefined;
function faceBytes(): Buffer {
  face ??= readFileSync(createRequire(import.meta.url).resolve(FACE));
  return face;
}

export interface CertificateWords {
  heading: string;
  person: string;
  body: string;
  date: string;
  code: string;
}

/** A page in A4, landscape, with its characters embedded: it prints the same everywhere. */
export async function drawCertificate(words: CertificateWords): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    info: { Title: words.heading },
  });
  const parts: Buffer[] = [];
  document.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise<void>((resolve, reject) => {
    document.on('end', resolve);
    document.on('error', reject);
  });
  document.registerFont('face', faceBytes());
  const system = SYSTEM_FACES.find(({ path }) => existsSync(path));
  if (system !== undefined) document.registerFont('system', system.path, system.family);
  const { width, height } = document.page;
  document
    .rect(24, 24, width - 48, height - 48)
    .lineWidth(3)
    .stroke('#b8860b');
  document
    .rect(34, 34, width - 68, height - 68)
    .lineWidth(0.8)
    .stroke('#d4af37');
  const put = (
    line: string,
    y: number,
    size: number,
    colour: string,
    align: 'center' | 'left' = 'center',
  ) => {
    document
      .font(familyFor(document, line, system !== undefined))
      .fontSize(size)
      .fillColor(colour);
    document.text(line, 110, y, { width: width - 220, align, lineGap: 12 });
  };
  put(words.heading, 96, 54, '#a61b1b');
  put(words.person, 210, 26, '#222222', 'left');
  put(words.body, 262, 22, '#222222', 'left');
  put(words.date, height - 150, 16, '#444444');
  put(words.code, height - 90, 10, '#888888');
  document.end();
  await ended;
  return Buffer.concat(parts);
}

interface Glyphs {
  hasGlyphForCodePoint(point: number): boolean;
}

/** The face where it has every character of the line, else the system's, so that nobody's name has a hole in it. */
function familyFor(document: PDFKit.PDFDocument, line: string, hasSystem: boolean): 'face' | 'system' {
  document.font('face');
  const { font } = (document as unknown as { _font: { font: Glyphs } })._font;
  const whole = Array.from(line).every((letter) => font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 32));
  return whole || !hasSystem ? 'face' : 'system';
}
