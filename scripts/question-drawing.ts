/** A drawing as SVG. Plain shapes and words: nothing of anybody else's product is drawn. */
export type Drawing = string;

const WIDTH = 640;
const HEIGHT = 360;
const LINE = '#c9ced6';
const INK = '#1f2937';
const BLUE = '#2563eb';
const FONT = 'font-family="\'Noto Sans CJK SC\', sans-serif"';

const rect = (x: number, y: number, w: number, h: number, fill: string, stroke = 'none', width = 1) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" stroke="${stroke}" stroke-width="${width}"/>`;
const words = (x: number, y: number, said: string, size = 16, anchor = 'start', fill = INK, more = '') =>
  `<text x="${x}" y="${y}" font-size="${size}" text-anchor="${anchor}" fill="${fill}" ${FONT} ${more}>${said
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')}</text>`;

export function picture(parts: readonly Drawing[]): Drawing {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
${rect(0, 0, WIDTH, HEIGHT, '#ffffff')}${parts.join('\n')}</svg>`;
}

const LEFT = 44;
const TOP = 76;
const CELL = { width: 98, height: 36 };

function placeOf(name: string): { x: number; y: number } {
  const column = name.charCodeAt(0) - 65;
  const row = Number(name.slice(1)) - 1;
  return { x: LEFT + column * CELL.width, y: TOP + row * CELL.height };
}

/** A sheet with the names of columns and rows, a formula bar and, below, a status bar. */
export function sheet(options: {
  columns: number;
  rows: number;
  selected: string;
  handle?: boolean;
  range?: string;
  formula?: string;
  status?: string;
  rowNames?: readonly string[];
  funnel?: string;
}): Drawing {
  const { columns, rows, selected, handle, range, formula, status, rowNames, funnel } = options;
  const bar = [
    rect(8, 8, 86, 30, '#ffffff', LINE),
    words(51, 29, selected, 15, 'middle'),
    rect(102, 8, WIDTH - 110, 30, '#ffffff', LINE),
    words(114, 29, 'fx', 15, 'start', '#6b7280', 'font-style="italic"'),
    words(142, 29, formula ?? '', 16),
  ];
  const names = [
    ...Array.from({ length: columns }, (_, n) => {
      const x = LEFT + n * CELL.width;
      return (
        rect(x, TOP - 28, CELL.width, 28, '#eef1f5', LINE) +
        words(x + CELL.width / 2, TOP - 9, String.fromCharCode(65 + n), 15, 'middle', '#4b5563')
      );
    }),
    ...Array.from({ length: rows }, (_, n) => {
      const y = TOP + n * CELL.height;
      const hidden = rowNames !== undefined;
      return (
        rect(8, y, LEFT - 8, CELL.height, '#eef1f5', LINE) +
        words(26, y + 24, rowNames?.[n] ?? `${n + 1}`, 15, 'middle', hidden ? BLUE : '#4b5563')
      );
    }),
  ];
  const cells = Array.from({ length: columns * rows }, (_, n) =>
    rect(
      LEFT + (n % columns) * CELL.width,
      TOP + Math.floor(n / columns) * CELL.height,
      CELL.width,
      CELL.height,
      '#ffffff',
      LINE,
    ),
  );
  const at = placeOf(selected);
  const [first = selected, last = selected] = (range ?? selected).split(':');
  const [from, to] = [placeOf(first), placeOf(last)];
  const frame = rect(
    from.x,
    from.y,
    to.x - from.x + CELL.width,
    to.y - from.y + CELL.height,
    range === undefined ? 'none' : '#dbeafe',
    BLUE,
    3,
  );
  const square =
    handle === true ? rect(at.x + CELL.width - 6, at.y + CELL.height - 6, 12, 12, BLUE, '#fff', 2) : '';
  return [
    ...bar,
    ...names,
    ...cells,
    frame,
    square,
    funnel === undefined ? '' : funnelAt(placeOf(funnel)),
    status === undefined ? '' : words(WIDTH - 16, HEIGHT - 8, status, 15, 'end', '#4b5563'),
  ].join('');
}

const funnelAt = ({ x, y }: { x: number; y: number }): Drawing =>
  `<path d="M${x + 70} ${y + 10}h18l-7 8v9l-4-3v-6z" fill="${BLUE}"/>`;

export function cell(name: string, said: string): Drawing {
  const { x, y } = placeOf(name);
  const isNumber = /^[\d.%]+$/.test(said);
  return words(isNumber ? x + CELL.width - 10 : x + 8, y + 24, said, 16, isNumber ? 'end' : 'start');
}

/** A mark with an arrow at the lower right corner of a cell. */
export function caption(mark: string, column: string, row: number): Drawing {
  const { x, y } = placeOf(`${column}${row}`);
  const [toX, toY] = [x + CELL.width + 10, y + CELL.height + 8];
  return (
    `<path d="M${toX + 70} ${toY + 50}L${toX + 6} ${toY + 4}m0 0l16 3m-16 -3l5 15" stroke="#dc2626" stroke-width="3" fill="none"/>` +
    words(toX + 76, toY + 66, mark, 26, 'start', '#dc2626')
  );
}

/** A document with a list of its headings at the left. */
export function window(options: { pane: readonly string[]; heading: string; mark: string }): Drawing {
  const { pane, heading, mark } = options;
  const lines = Array.from({ length: 6 }, (_, n) =>
    rect(262, 130 + n * 30, n % 3 === 2 ? 200 : 320, 8, '#e5e7eb'),
  );
  return [
    rect(8, 8, 210, HEIGHT - 16, '#f6f8fb', BLUE, 3),
    words(190, 40, mark, 26, 'middle', '#dc2626'),
    ...pane.map((title, n) =>
      [
        title.includes(heading) ? rect(14, 60 + n * 40, 198, 32, '#dbeafe') : '',
        words(22, 82 + n * 40, title, 17),
      ].join(''),
    ),
    rect(232, 8, WIDTH - 240, HEIGHT - 16, '#ffffff', LINE),
    words(262, 90, heading, 24, 'start', INK, 'font-weight="bold"'),
    ...lines,
  ].join('');
}

/** Buttons of a tool bar, one of them marked. */
function ribbon(mark: string): Drawing {
  const button = (n: number, inside: Drawing, on = false) =>
    rect(40 + n * 92, 120, 80, 80, on ? '#dbeafe' : '#f6f8fb', on ? BLUE : LINE, on ? 3 : 1) + inside;
  const middle = (n: number) => 80 + n * 92;
  const brush =
    `<g transform="translate(${middle(0)} 160) rotate(40)"><rect x="-5" y="-30" width="10" height="26" rx="4" fill="#b45309"/>` +
    '<rect x="-14" y="-6" width="28" height="10" fill="#9ca3af"/><path d="M-14 4h28l-3 20h-22z" fill="#f59e0b"/></g>';
  const letter = (n: number, said: string, more: string) =>
    words(middle(n), 174, said, 36, 'middle', INK, more);
  const lines = (n: number, indents: readonly number[]) =>
    indents
      .map((indent, row) => rect(middle(n) - 24 + indent, 140 + row * 12, 48 - 2 * indent, 5, INK))
      .join('');
  return [
    rect(20, 70, 600, 170, '#ffffff', LINE),
    words(36, 100, '开始', 18, 'start', BLUE, 'font-weight="bold"'),
    words(100, 100, '插入', 18, 'start', '#6b7280'),
    words(164, 100, '视图', 18, 'start', '#6b7280'),
    button(0, brush, true),
    button(1, letter(1, 'B', 'font-weight="bold"')),
    button(2, letter(2, 'I', 'font-style="italic"')),
    button(3, letter(3, 'U', 'text-decoration="underline"')),
    button(4, lines(4, [0, 8, 0, 8])),
    button(5, lines(5, [8, 0, 8, 0])),
    `<path d="M80 290V212m0 0l-9 16m9 -16l9 16" stroke="#dc2626" stroke-width="3" fill="none"/>`,
    words(80, 322, mark, 28, 'middle', '#dc2626'),
  ].join('');
}
export const icon = { ribbon };

const COLOURS = ['#2563eb', '#dc2626', '#16a34a', '#f59e0b', '#7c3aed', '#0891b2'];

export function pie(values: readonly number[]): Drawing {
  const total = values.reduce((sum, value) => sum + value, 0);
  const [x, y, radius] = [220, 180, 150];
  let before = 0;
  const point = (share: number) => {
    const angle = share * 2 * Math.PI - Math.PI / 2;
    return `${(x + radius * Math.cos(angle)).toFixed(1)} ${(y + radius * Math.sin(angle)).toFixed(1)}`;
  };
  const slices = values.map((value, n) => {
    const from = point(before / total);
    before += value;
    const colour = COLOURS[n % COLOURS.length] as string;
    return `<path d="M${x} ${y}L${from}A${radius} ${radius} 0 0 1 ${point(before / total)}Z" fill="${colour}" stroke="#fff" stroke-width="2"/>`;
  });
  const legend = values.map(
    (_, n) =>
      rect(420, 36 + n * 25, 14, 14, COLOURS[n % COLOURS.length] as string) +
      words(444, 49 + n * 25, `部门 ${n + 1}`, 15),
  );
  return [...slices, ...legend].join('');
}

export function bars(options: {
  from: number;
  to: number;
  values: readonly number[];
  names: readonly string[];
}): Drawing {
  const { from, to, values, names } = options;
  const [left, bottom, height] = [110, 300, 240];
  const yOf = (value: number) => bottom - ((value - from) / (to - from)) * height;
  const grid = Array.from({ length: to - from + 1 }, (_, n) => {
    const y = yOf(from + n);
    return rect(left, y, 430, 1, LINE) + words(left - 12, y + 6, `${from + n}`, 16, 'end', '#4b5563');
  });
  const columns = values.map((value, n) => {
    const x = left + 80 + n * 190;
    return (
      rect(x, yOf(value), 100, bottom - yOf(value), COLOURS[n] as string) +
      words(x + 50, bottom + 26, names[n] ?? '', 18, 'middle')
    );
  });
  return [words(left, 34, '满意度（分）', 17), ...grid, ...columns].join('');
}
