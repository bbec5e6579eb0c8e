import { writeFile } from 'node:fs/promises';
import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Result } from './results.ts';

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** Draws the cold path, a bar a variant: loading, then the first delivery; medians. */
export async function plotColdPath(results: readonly Result[], file: string): Promise<void> {
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: 760,
    height: 80 + 50 * results.length,
  });
  const bar = (name: string, measure: 'load' | 'first') => ({
    name,
    type: 'bar' as const,
    stack: 'cold',
    barWidth: 24,
    label: { show: true, formatter: ({ value }: { value?: unknown }) => Number(value).toFixed(0) },
    data: results.map(({ measures }) => measures[measure].median),
  });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: 'Cold path, ms (medians)', textStyle: { fontSize: 14 } },
    legend: { right: 20, top: 4 },
    grid: { left: 80, right: 20, top: 40, bottom: 30 },
    xAxis: { type: 'value' },
    yAxis: { type: 'category', inverse: true, data: results.map(({ name }) => name) },
    series: [bar('load', 'load'), bar('first delivery', 'first')],
  });
  await writeFile(file, chart.renderToSVGString());
  chart.dispose();
}
