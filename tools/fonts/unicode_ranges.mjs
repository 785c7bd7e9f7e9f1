// Writes src/affiche/compose/typeset/unicode_ranges.py from the Unicode data Node carries: node tools/fonts/unicode_ranges.mjs
// Python's unicodedata knows neither the Script nor the Emoji properties.
import {writeFileSync} from 'node:fs';

const scripts = {Arab: 'Arabic', Armn: 'Armenian', Beng: 'Bengali', Bopo: 'Bopomofo', Cyrl: 'Cyrillic', Deva: 'Devanagari',
  Ethi: 'Ethiopic', Geor: 'Georgian', Grek: 'Greek', Gujr: 'Gujarati', Guru: 'Gurmukhi', Hang: 'Hangul', Hani: 'Han',
  Hebr: 'Hebrew', Hira: 'Hiragana', Kana: 'Katakana', Khmr: 'Khmer', Knda: 'Kannada', Laoo: 'Lao', Latn: 'Latin',
  Mlym: 'Malayalam', Mymr: 'Myanmar', Orya: 'Oriya', Sinh: 'Sinhala', Taml: 'Tamil', Telu: 'Telugu', Thai: 'Thai',
  Thaa: 'Thaana', Tibt: 'Tibetan'};

function ranges(pattern) {
  const found = [];
  let start = -1;
  for (let cp = 0; cp <= 0x110000; cp++) {
    const is = cp < 0x110000 && !(cp >= 0xd800 && cp < 0xe000) && pattern.test(String.fromCodePoint(cp));
    if (is && start < 0) start = cp;
    if (!is && start >= 0) { found.push([start, cp - 1]); start = -1; }
  }
  return found;
}

const rows = Object.keys(scripts).flatMap((code) =>
  ranges(new RegExp(`\\p{Script=${scripts[code]}}`, 'u')).map(([a, b]) => [a, b, code])).sort((x, y) => x[0] - y[0]);
const hex = (n) => '0x' + n.toString(16).toUpperCase();
const wrap = (items) => {
  const lines = [];
  let line = '   ';
  for (const item of items) {
    if (line.length + item.length + 2 > 108) { lines.push(line); line = '   '; }
    line += ` ${item},`;
  }
  return [...lines, line].join('\n');
};
const pairs = (list) => wrap(list.map(([a, b]) => `(${hex(a)}, ${hex(b)})`));
writeFileSync(new URL('../../src/affiche/compose/typeset/unicode_ranges.py', import.meta.url),
`"""Script and emoji ranges of Unicode ${process.versions.unicode}, written by tools/fonts/unicode_ranges.mjs; do not edit.

Used by itemize.py. A code point outside SCRIPTS is common, inherited, or of a script no shipped font covers.
"""

# fmt: off
SCRIPTS: tuple[tuple[int, int, str], ...] = (
${wrap(rows.map(([a, b, s]) => `(${hex(a)}, ${hex(b)}, "${s}")`))}
)
#: Drawn as colour emoji unless U+FE0E follows.
EMOJI_PRESENTATION: tuple[tuple[int, int], ...] = (
${pairs(ranges(/\p{Emoji_Presentation}/u))}
)
#: May be drawn as colour emoji when U+FE0F follows.
EMOJI: tuple[tuple[int, int], ...] = (
${pairs(ranges(/\p{Emoji}/u))}
)
`);
