import { POINTS, valuesOf } from './made-up.ts';
import { type Graph, labelOf, nameOf, type Widget } from './read.ts';

/** Of the dashboard's grid, in pixels. */
const UNIT = { x: 46, y: 44 };
const COLOURS = ['#1f77b4', '#e07b00', '#2a8a2a', '#c62828', '#7b4fb0'];
const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const text = (x: number, y: number, content: string, more = '') =>
  `<text x="${x}" y="${y}"${more && ` ${more}`}>${escaped(content)}</text>`;

function drawAlarms({ width, height, properties }: Extract<Widget, { type: 'alarm' }>): string {
  const columns = 7;
  const cell = { x: (width * UNIT.x - 32) / columns, y: (height * UNIT.y - 56) / 2 };
  return properties.alarms
    .map((alarm, index) => {
      const x = 16 + (index % columns) * cell.x;
      const y = 42 + Math.floor(index / columns) * cell.y;
      const box = `<rect x="${x}" y="${y}" width="${cell.x - 8}" height="${cell.y - 8}" rx="4" fill="#e8f5e9" stroke="#2a8a2a"/>`;
      return (
        box +
        text(x + 10, y + cell.y / 2 - 6, nameOf(alarm)) +
        text(x + 10, y + cell.y / 2 + 12, 'OK', 'style="fill:#2a8a2a"')
      );
    })
    .join('');
}

function drawNumbers({ metrics }: Graph, width: number): string {
  return metrics
    .map((entry, index) => {
      const label = labelOf(entry);
      const sum = valuesOf(label).reduce((one, other) => one + other, 0);
      const value = label === 'Average' ? sum / POINTS : sum;
      const x = ((index + 0.5) * width) / metrics.length;
      return (
        text(x, 140, Math.round(value).toLocaleString('en'), 'class="number" text-anchor="middle"') +
        text(x, 172, label, 'text-anchor="middle"')
      );
    })
    .join('');
}

function drawLines({ metrics, stacked, annotations }: Graph, width: number, height: number): string {
  const plot = { left: 56, top: 44, right: width - 30, bottom: height - 54 };
  const below = new Array<number>(POINTS).fill(0);
  const lines = metrics.map(labelOf).map((label) => {
    const tops = valuesOf(label).map((value, index) => value + (below[index] ?? 0));
    const bottoms = [...below];
    if (stacked) below.splice(0, POINTS, ...tops);
    return { label, tops, bottoms };
  });
  const marks = annotations?.horizontal ?? [];
  const most = Math.max(1, ...lines.flatMap(({ tops }) => tops), ...marks.map(({ value }) => value));
  const step =
    [1, 2, 5]
      .map((digit) => digit * 10 ** Math.floor(Math.log10(most / 2)))
      .findLast((size) => size * 2 <= most) ?? 1;
  const highest = Math.ceil((most * 1.05) / step) * step;
  const x = (index: number) => (plot.left + (index / (POINTS - 1)) * (plot.right - plot.left)).toFixed(1);
  const y = (value: number) => (plot.bottom - (value / highest) * (plot.bottom - plot.top)).toFixed(1);
  const path = (values: readonly number[]) => values.map((value, index) => `${x(index)},${y(value)}`);
  const rule = (value: number, more: string) => `<path d="M${plot.left} ${y(value)}H${plot.right}" ${more}/>`;

  const grid = Array.from({ length: Math.round(highest / step) + 1 }, (_, index) => index * step).map(
    (value) =>
      rule(value, 'stroke="#e3e6e8"') +
      text(plot.left - 8, Number(y(value)) + 4, value.toLocaleString('en'), 'text-anchor="end"'),
  );
  const hours = [0, 6, 12, 18, 24].map((hour) =>
    text(Number(x(hour * 4)), plot.bottom + 17, `${hour}:00`.padStart(5, '0'), 'text-anchor="middle"'),
  );
  // The first last, so that layers without height don't hide it.
  const drawn = lines
    .map(({ tops, bottoms }, index) => {
      const colour = COLOURS[index % COLOURS.length];
      const area = stacked
        ? `<path d="M${[...path(tops), ...path(bottoms).reverse()].join(' ')}Z" fill="${colour}" fill-opacity=".45"/>`
        : '';
      return `${area}<path d="M${path(tops).join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    })
    .reverse();
  const annotated = marks.map(
    ({ value, label }) =>
      rule(value, 'stroke="#c62828" stroke-dasharray="5 4"') +
      text(plot.left + 6, Number(y(value)) + 15, label, 'style="fill:#c62828"'),
  );
  let legendAt = plot.left;
  const legend = lines.map(({ label }, index) => {
    const key = `<rect x="${legendAt}" y="${height - 24}" width="10" height="10" fill="${COLOURS[index % COLOURS.length]}"/>`;
    const entry = key + text(legendAt + 15, height - 15, label);
    legendAt += 34 + label.length * 6.6;
    return entry;
  });
  return [...grid, ...hours, ...drawn, ...annotated, ...legend].join('');
}

function draw(drawn: Widget): string {
  const [width, height] = [drawn.width * UNIT.x - 10, drawn.height * UNIT.y - 10];
  const inside =
    drawn.type === 'alarm'
      ? drawAlarms(drawn)
      : drawn.properties.view === 'singleValue'
        ? drawNumbers(drawn.properties, width)
        : drawLines(drawn.properties, width, height);
  const frame = `<rect width="${width}" height="${height}" rx="6" fill="#fff" stroke="#d5dbdb"/>`;
  const title = text(16, 26, drawn.properties.title, 'class="title"');
  return `<g transform="translate(${drawn.x * UNIT.x + 10} ${drawn.y * UNIT.y + 44})">${frame}${title}${inside}</g>`;
}

const STYLE =
  'text{font:12px system-ui,sans-serif;fill:#414d5c}.title{font-weight:600;font-size:14px;fill:#000716}.number{font-size:40px;fill:#000716}';

/** The dashboard as SVG: the same for the same widgets. */
export function picture(widgets: readonly Widget[]): string {
  const width = 24 * UNIT.x + 10;
  const height = Math.max(...widgets.map((each) => each.y + each.height)) * UNIT.y + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="The dashboard">`,
    `<style>${STYLE}</style><rect width="100%" height="100%" fill="#f4f5f6"/>`,
    text(12, 28, 'veriff-status-receiver-prod, a day of made-up data', 'class="title"'),
    ...widgets.map(draw),
    '</svg>\n',
  ].join('\n');
}
