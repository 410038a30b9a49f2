import { expect, it } from 'vitest';
import {
  drawFragment,
  drawLayout,
  parseFragment,
  parseLayout,
  showFragment,
  showLayout,
} from '../../src/layout/index.js';

const fragment = parseFragment('[2, 4], thread = (2,2,2):(2,4,0), value = 2:1');

it('draws a fragment as a table', () => {
  expect(showFragment(fragment)).toBe(
    [
      '[2, 4], thread = (2,2,2):(2,4,0), value = 2:1',
      '  |       0       1       2       3',
      '0 | t0:r0x2 t0:r1x2 t1:r0x2 t1:r1x2',
      '1 | t2:r0x2 t2:r1x2 t3:r0x2 t3:r1x2',
      '',
    ].join('\n'),
  );
  const gap = parseFragment('[3], thread = 2:1, value = 1:0');
  expect(showFragment(gap)).toContain('t1:r0 -');
});

it('draws a layout as offsets or banks, clipped', () => {
  const layout = parseLayout('swizzle<1,0,2> o 0 o (2,4):(4,1)');
  expect(showLayout(layout)).toContain('1 | 5 4 7 6');
  expect(showLayout(layout, { bankOfBits: 64, columns: 2 })).toBe(
    'swizzle<1,0,2> o 0 o (2,4):(4,1)\n  |  0 1\n0 |  0 2\n1 | 10 8\n(2x2 of 2x4 shown)\n',
  );
  expect(showLayout(parseLayout('4:2'))).toContain('0 | 0 2 4 6');
  expect(() => showLayout(parseLayout('(2,2,2):(1,2,4)'))).toThrow(/at most two modes/);
});

it('draws SVG with a cell per element', () => {
  const svg = drawFragment(fragment);
  expect(svg.match(/<rect /g)).toHaveLength(8);
  expect(svg).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>\n$/);
  expect(drawLayout(parseLayout('swizzle<1,0,2> o 0 o (2,4):(4,1)'))).toContain(
    'swizzle&lt;1,0,2&gt;',
  );
});
